"""The sample of member records: the sheet that is there is what the script makes, written as people write."""

import io
import re
import runpy
import zipfile
from collections import Counter
from datetime import date

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
