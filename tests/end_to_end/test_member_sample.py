"""The sample of member records: the sheet that is there is what the script makes, written as people write."""

import io
import json
import re
import runpy
import zipfile
from collections import Counter
from datetime import date

import httpx
import psycopg
import pytest
from python_calamine import CalamineWorkbook

from db.paths import SEEDS

MEMBERS = SEEDS / "members.xlsx"


@pytest.fixture(scope="module")
def script() -> dict:
    return runpy.run_path(str(SEEDS / "make_members.py"))


@pytest.fixture(scope="module")
def made(script):
    """What seeds/make_members.py makes now."""
    return script["make"]()


@pytest.fixture(scope="module")
def sheet() -> list[list]:
    """The lines of the sheet as a reader of workbooks sees them, header first."""
    return CalamineWorkbook.from_path(str(MEMBERS)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_script_makes_the_file_that_is_there(script, made):
    assert script["make"]().content == made.content
    # How well zlib packs differs between builds of Python; what it packs does not.
    assert parts(MEMBERS.read_bytes()) == parts(made.content)


def test_the_sheet_holds_what_the_script_says(script, made, sheet):
    def read(cell):
        return "" if cell is None else cell.result if isinstance(cell, script["Formula"]) else cell

    assert sheet[0] == ["username", "name", "telpon", "rekening"]
    assert [row for row in sheet[1:] if any(row)] == [
        [read(cell) for cell in cells] for cells in made.lines if cells
    ]
    blank = {line for line, cells in enumerate(made.lines, 2) if not cells}
    assert {line for line, row in enumerate(sheet, 1) if not any(row)} == blank != set()


def test_the_file_is_large_enough_to_mean_something_and_small_enough_to_keep(made):
    assert made.rows >= 5_000
    assert len(made.content) < 500_000


def test_one_to_two_percent_are_faulty_and_some_stand_there_twice(made):
    assert 0.01 <= made.faulty / made.rows <= 0.02
    assert made.codes.total() == made.faulty
    assert made.repeated >= 50
    assert min(made.oddities.values()) >= 1
    assert made.imported == made.rows - made.faulty - made.repeated


def test_nobody_stands_there_twice_but_for_the_repetitions(made, sheet):
    usernames = Counter(row[0].lower() for row in sheet[1:] if row[0])
    assert max(usernames.values()) <= 3
    assert sum(usernames.values()) - len(usernames) == made.repeated
    rows = {tuple(row) for row in sheet[1:] if row[0]}
    assert len(rows) == len(usernames), "whoever stands there twice does so cell for cell"
    assert any(name != name.lower() for (name, *_) in rows)
    assert any(name == name.lower() for (name, *_) in rows)


def test_the_sheet_is_written_as_people_write(sheet):
    usernames, names, phones, accounts = zip(*sheet[1:], strict=True)
    texts = [phone for phone in phones if isinstance(phone, str) and phone]
    links = [phone for phone in texts if re.fullmatch(r"wa\.me/62\d{9,12}(\?text=\w+)?", phone)]
    assert len(links) > 0.9 * len(texts)
    assert {phone[:2] for phone in texts if phone not in links} == {"08"}
    assert all(re.fullmatch(r"'0\d{9,14}", account) for account in accounts if account)
    assert len({account for account in accounts if account}) > 5_000
    assert {type(name) for name in names} == {str, float, date}
    assert sum(name.endswith(")") for name in names if isinstance(name, str)) > 100
    assert not all(name.isascii() for name in names if isinstance(name, str))
    assert "" in usernames
    assert "" in names
    assert "" in phones
    assert "" in accounts


def test_no_number_is_anybodys(sheet):
    """0840 is given out to nobody, and no bank's accounts begin with three noughts."""
    for _, _, phone, account in sheet[1:]:
        if phone:
            digits = re.sub(r"\D", "", str(int(phone)) if isinstance(phone, float) else phone)
            assert digits.removeprefix("62").removeprefix("0").startswith("840")
        assert not account or account.startswith("'000")


# The file in the product


@pytest.fixture(scope="module")
def admin(login, people) -> httpx.Client:
    return login(people["mad"].email)


@pytest.fixture(scope="module")
def imported(admin) -> dict:
    """The import of seeds/members.xlsx, processed."""
    product = admin.post("/api/products", json={"name": "Contoh88"})
    assert product.status_code == 201, product.text
    options = {"record_module": "member_wd", "product_id": product.json()["product_id"], "name": "Sample"}
    with MEMBERS.open("rb") as file:
        uploaded = admin.post(
            "/api/imports",
            data={"module": "member_records", "options": json.dumps(options)},
            files={"file": ("members.xlsx", file)},
        )
    assert uploaded.status_code == 201, uploaded.text
    done = uploaded.json()
    while done["status"] in ("uploaded", "processing"):
        done = admin.post(f"/api/imports/{done['import_id']}/process", timeout=120).json()
    return done


def test_every_row_of_the_sheet_becomes_what_the_script_says(made, imported):
    assert imported["total_rows"] == made.rows
    assert imported["success_rows"] == made.imported
    assert imported["error_rows"] == made.faulty
    assert imported["duplicate_rows"] == made.repeated
    assert imported["skipped_rows"] == imported["pending_rows"] == 0


def test_every_fault_is_named_on_its_line(script, made, imported, database):
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "select row_no, errors from ingest.import_rows where import_id = %s and status = 'error'",
            [imported["import_id"]],
        ).fetchall()
    assert Counter(error["code"] for _, errors in rows for error in errors) == made.codes
    numbers = {line for line, cells in enumerate(made.lines, 2) if cells and isinstance(cells[2], int)}
    assert {line for line, _ in rows} == numbers


def test_records_hold_what_the_cells_say_letter_by_letter(script, made, imported, database):
    """Noughts and apostrophes stay; blanks around a text go (spec: member §6)."""

    def text(cell) -> str:
        return (cell.result if isinstance(cell, script["Formula"]) else str(cell or "")).strip()

    with psycopg.connect(database) as connection:
        rows = connection.execute(
            "select r.row_no, m.row_data from ingest.import_rows r join members.records m"
            " on m.org_id = r.org_id and m.record_id::text = r.target_id"
            " where r.import_id = %s and r.status = 'success'",
            [imported["import_id"]],
        ).fetchall()
    assert len(rows) == made.imported
    header = script["HEADER"]
    for line, found in rows:
        assert found == dict(zip(header, map(text, made.lines[line - 2]), strict=True))


def test_the_file_is_kept_as_it_was_brought(admin, imported):
    assert admin.get(f"/api/files/{imported['file_id']}").content == MEMBERS.read_bytes()
