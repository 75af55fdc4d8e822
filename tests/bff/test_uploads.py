"""Files as people have them, over HTTP: each encoding and kind, and for each fault the answer saying so."""

import gzip
import json
import os
import random
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from organisation import Organisation, Person, codes, problem

from tests.support.workbooks import SHEET, altered, encrypted, old_workbook, with_rows, workbook


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


def post(person: Person, content: bytes | str, name: str, module: str = "leads", **fields: Any):
    return person.http.post(
        "/api/imports",
        data={"module": module} | {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()},
        files={"file": (name, content, "application/octet-stream")},
    )


def rows(person: Person, import_id: int, **query: str) -> list[dict]:
    answer = person.http.get(f"/api/imports/{import_id}/rows", params={"limit": "100", **query})
    return answer.json()["items"]


def lines(*rows: list[str], separator: str = ",") -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


# Encodings and separators


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"", "UTF-8"),
        ("utf-8", b"\xef\xbb\xbf", "UTF-8"),
        ("utf-16-le", b"\xff\xfe", "UTF-16LE"),
        ("utf-16-be", b"\xfe\xff", "UTF-16BE"),
        ("cp1252", b"", "Windows-1252"),
    ],
)
def test_text_comes_in_as_it_was_written_whatever_it_is_written_in(person, codec, mark, encoding, separator):
    name = f"Gödel & Søn €{os.urandom(4).hex()}"
    content = lines(["Company", "Notes"], [name, '"two\r\nlines"'], ["x", "00812"], separator=separator)
    answer = post(person, mark + content.encode(codec), "kunden.csv")
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert (created["encoding"], created["delimiter"], created["sheet"]) == (encoding, separator, None)
    assert created["mapping"] == {"Company": "company_name", "Notes": "notes"}
    assert [(row["row_no"], row["row_data"]) for row in rows(person, created["import_id"])] == [
        (2, {"Company": name, "Notes": "two\r\nlines"}),
        (4, {"Company": "x", "Notes": "00812"}),
    ]


# Workbooks


def test_a_workbook_is_read_cell_by_cell_as_text(person):
    cells: list[Any] = [
        "00812",
        12.0,
        1234567890123456.0,
        0.1 + 0.2,
        1e21,
        -5,
        True,
        date(2026, 1, 31),
        datetime(2026, 1, 31, 13, 5, 6),  # noqa: DTZ001 - sheets know no zones
        " x ",
    ]
    header = [f"c{number}" for number in range(len(cells))]
    book = workbook([header, cells, [], [None, "later"]], "Daten", default_date_format="yyyy-mm-dd hh:mm:ss")
    created = post(person, book, "Buch.XLSX").json()
    assert (created["sheet"], created["encoding"], created["total_rows"]) == ("Daten", None, 2)
    found = rows(person, created["import_id"])
    assert found[0]["row_no"] == 2
    assert list(found[0]["row_data"].values()) == [
        "00812",
        "12",
        "1234567890123456",
        "0.3",
        "1000000000000000000000",
        "-5",
        "TRUE",
        "2026-01-31",
        "2026-01-31 13:05:06",
        " x ",
    ]
    assert found[1]["row_no"] == 4, "rows are numbered as in the sheet"
    assert found[1]["row_data"] == dict.fromkeys(header, "") | {"c1": "later"}


def test_a_number_where_digits_count_is_an_error_and_never_guessed(person):
    book = workbook([
        ["Company", "Telepon", "NPWP", "Notes"],
        ["PT Typed", "0812345678", "012345678901000", "a text"],
        ["PT Phone", 812345678, "012345678901000", 5],
        ["PT Tax", "0812345678", 12345678901000, None],
        ["PT Date", date(2026, 1, 1), None, None],
    ])  # fmt: skip
    created = post(person, book, "a.xlsx").json()
    assert created["digit_columns"] == ["Telepon", "NPWP"]
    faulty = rows(person, created["import_id"], status="error")
    assert [(row["row_no"], row["errors"][0]["field"], row["errors"][0]["code"]) for row in faulty] == [
        (3, "Telepon", "cell.number"),
        (4, "NPWP", "cell.number"),
        (5, "Telepon", "cell.number"),
    ]
    assert faulty[0]["row_data"]["Telepon"] == "812345678", "what the file holds can be seen"
    # Under another name the column is what the mapping says.
    mapped = post(
        person, workbook([["Foo", "Bar"], [1, 2]]), "b.xlsx", mapping={"Foo": "contact_phone"}
    ).json()
    assert [error["field"] for error in rows(person, mapped["import_id"])[0]["errors"]] == ["Foo"]


def test_formulas_give_their_stored_result_and_say_when_there_is_none(person):
    book = altered(
        workbook([["a", "b", "c", "d"], ["x", "x", "x", "x"], ["y"]]),
        lambda sheet: (
            sheet.replace(b'<c r="B2" t="s"><v>4</v></c>', b'<c r="B2" t="str"><f>A2</f><v>shown</v></c>')
            .replace(b'<c r="C2" t="s"><v>4</v></c>', b'<c r="C2"><f>1+1</f></c>')
            .replace(b'<c r="D2" t="s"><v>4</v></c>', b'<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
            .replace(b"</sheetData>", b'<row r="9"><c r="A9"><f>NOW()</f></c></row></sheetData>')
        ),
    )
    created = post(person, book, "formulas.xlsx").json()
    found = rows(person, created["import_id"])
    assert [row["row_no"] for row in found] == [2, 3, 9]
    assert found[0]["row_data"] == {"a": "x", "b": "shown", "c": "", "d": ""}
    assert [(error["field"], error["code"]) for error in found[0]["errors"]] == [
        ("c", "cell.formula"),
        ("d", "cell.error"),
    ]
    assert found[1]["errors"] == []
    assert [(error["field"], error["code"]) for error in found[2]["errors"]] == [("a", "cell.formula")]


def test_of_a_workbook_the_first_sheet_counts_and_a_margin_is_no_column(person):
    book = workbook([[], [None, "a", "b"], [None, "1", "2"], [None, "3", "4", "5"]])
    created = post(person, book, "margin.xlsx").json()
    assert created["header"] == ["a", "b"]
    assert [
        (row["row_no"], [e["code"] for e in row["errors"]]) for row in rows(person, created["import_id"])
    ] == [
        (3, []),
        (4, ["row.too_long"]),
    ]


# Faults of the file as a whole

NOISE = random.Random(7).randbytes(50_000)
BOOK = workbook([["a", "b"], ["1", "2"]])
OLD_BOOK = old_workbook([["a", "b"], ["1", "2"]])
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(20)


def lying_bomb() -> bytes:
    """A workbook that unpacks to 1.3 GB, although its directory says a megabyte."""
    packed = bytearray(bomb())
    for place in (packed.find(SHEET.encode()), packed.rfind(SHEET.encode())):
        is_local = packed[place - 30 : place - 26] == b"PK\x03\x04"
        at = place - (8 if is_local else 22)
        packed[at : at + 4] = (1_000_000).to_bytes(4, "little")
    return bytes(packed)


@cache
def bomb() -> bytes:
    """A workbook that unpacks to 1.3 GB, and says so."""
    row = b"<row>" + b'<c t="inlineStr"><is><t>x</t></is></c>' * 100 + b"</row>"
    return with_rows(BOOK, row * 300, times=1150)


FAULTS: list[tuple[str, Any, str, int, str]] = [
    ("empty", b"", "a.csv", 422, "import.empty"),
    ("blank lines only", b"\r\n \r\n", "a.csv", 422, "import.empty"),
    ("header only", b"a,b\n", "a.csv", 422, "import.no_rows"),
    ("no header", b",,\n1,2,3\n", "a.csv", 422, "import.no_header"),
    ("a header that never ends", b'"a,b\n1,2\n', "a.csv", 422, "import.no_header"),
    ("the same name twice", b"Email,phone,email\n1,2,3\n", "a.csv", 422, "import.duplicate_header"),
    ("a column without a name", b"a,,b\n1,2,3\n", "a.csv", 422, "import.blank_header"),
    ("a million columns", b"a," * 1_000_000 + b"\n1\n", "a.csv", 422, "import.too_many_columns"),
    ("501 columns", ",".join(f"c{n}" for n in range(501)) + "\n1\n", "a.csv", 422, "import.too_many_columns"),
    ("noise", NOISE, "a.csv", 422, "import.encoding"),
    ("zeros", bytes(50_000), "a.csv", 422, "import.encoding"),
    ("half of UTF-16", b"\xff\xfea\0\n\0b", "a.csv", 422, "import.encoding"),
    ("UTF-16 that does not say so", "a,b\n1,2\n".encode("utf-16-le") * 9, "a.csv", 422, "import.encoding"),
    ("a byte that no encoding knows", b"a,b\n\x81,2\n", "a.csv", 422, "import.encoding"),
    ("a mark of UTF-8 and no UTF-8", b"\xef\xbb\xbfa,b\n\xe9,2\n", "a.csv", 422, "import.encoding"),
    ("a control character in Windows-1252", b"a,b\n\xe9\x02,2\n", "a.csv", 422, "import.encoding"),
    ("a workbook with the name of a CSV file", BOOK, "a.csv", 415, "import.type"),
    ("an old workbook with the name of a CSV file", encrypted(), "a.csv", 415, "import.type"),
    ("a PDF", b"%PDF-1.7\n...", "a.csv", 415, "import.type"),
    ("an image", PNG, "a.csv", 415, "import.type"),
    ("packed", gzip.compress(b"a,b\n1,2\n"), "a.csv", 415, "import.type"),
    ("another extension", b"a,b\n1,2\n", "a.pdf", 415, "import.type"),
    ("no extension", b"a,b\n1,2\n", "a", 415, "import.type"),
    ("a macro workbook", BOOK, "a.xlsm", 415, "import.type"),
    ("an old workbook, which leads do not take", OLD_BOOK, "a.xls", 415, "import.type"),
    ("an old workbook with the name of a new one", OLD_BOOK, "a.xlsx", 415, "import.type"),
    ("an old workbook that is broken", encrypted(), "a.xls", 422, "import.corrupt"),
    ("text with the name of a workbook", b"a,b\n1,2\n", "a.xlsx", 415, "import.type"),
    ("a workbook of nothing", b"", "a.xlsx", 422, "import.empty"),
    ("half a workbook", BOOK[: len(BOOK) // 2], "a.xlsx", 422, "import.corrupt"),
    ("a workbook with broken XML", altered(BOOK, lambda xml: xml[:600]), "a.xlsx", 422, "import.corrupt"),
    ("an archive that is no workbook", altered(BOOK, lambda s: b""), "a.xlsx", 422, "import.corrupt"),
    ("a workbook with a password", encrypted(), "a.xlsx", 422, "import.encrypted"),
    ("an empty sheet", workbook([]), "a.xlsx", 422, "import.empty"),
    ("a sheet with a header only", workbook([["a", "b"]]), "a.xlsx", 422, "import.no_rows"),
    ("a name twice in a sheet", workbook([["a", "A"], ["1", "2"]]), "a.xlsx", 422, "import.duplicate_header"),
    ("too wide a sheet", workbook([["x"] * 16_384, ["1"]]), "a.xlsx", 422, "import.too_many_columns"),
    (
        "a sheet of seventeen thousand million cells",
        with_rows(BOOK, b'<row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>'),
        "a.xlsx",
        422,
        "import.too_complex",
    ),
    (
        "formulas without any result",
        with_rows(BOOK, b"<row>" + b"<c><f>NOW()</f></c>" * 100 + b"</row>", times=1_001),
        "a.xlsx",
        422,
        "import.no_results",
    ),
    ("a bomb", bomb, "a.xlsx", 413, "import.too_large"),
    ("a bomb that lies", lying_bomb, "a.xlsx", 422, "import."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "status", "code"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_file_that_is_wrong_as_a_whole_is_refused_and_leaves_nothing(
    organisation, person, bff_home, content, name, status, code
):
    before = everything(organisation, bff_home)
    answer = post(person, content() if callable(content) else content, name)
    assert answer.status_code == status, answer.text
    assert codes(answer)["file"].startswith(code)
    assert problem(answer)["code"].startswith(code)
    assert everything(organisation, bff_home) == before
    assert person.http.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("role", "module", "status", "field"),
    [
        ("super_admin", "spreadsheets", 422, "import.module.unknown"),
        ("finance", "leads", 403, "permission.denied"),
        ("director", "leads", 403, "permission.denied"),
    ],
)
def test_who_imports_what_is_decided_before_anything_is_kept(
    organisation, bff_home, role, module, status, field
):
    """Cases 121 and 124."""
    somebody = organisation.person(role)
    before = everything(organisation, bff_home)
    answer = post(somebody, BOOK, "a.xlsx", module)
    assert answer.status_code == status
    assert field in (problem(answer)["code"], *(error["code"] for error in problem(answer).get("errors", [])))
    assert everything(organisation, bff_home) == before


def everything(organisation: Organisation, home: Path) -> tuple[Any, ...]:
    files = sorted(path for path in (home / "files").rglob("*") if path.is_file())
    return files, *(
        organisation.count(table)
        for table in ("ingest.imports", "ingest.import_rows", "app.files", "ingest.saved_mappings")
    )


# Faults of rows and cells


def test_faults_of_rows_and_cells_are_errors_of_these_and_cost_no_other_row(person):
    content = (
        b"a,b,c\n"
        b"1,2,3\n"
        b"short\n"
        b"1,2,3,long\n"
        b"nul\0,2,3\n"
        b'"stray"quote,2,3\n' + b"x" * 10_000_000 + b",2,3\n"
        b'"never closed,2,3\n'
        b"last,2,3\n"
    )
    created = post(person, content, "a.csv")
    assert created.status_code == 201, created.text
    found = rows(person, created.json()["import_id"])
    assert [(row["row_no"], [error["code"] for error in row["errors"]]) for row in found] == [
        (2, []),
        (3, ["row.too_short"]),
        (4, ["row.too_long"]),
        (5, ["cell.nul"]),
        (6, ["row.unreadable"]),
        (7, ["row.unreadable"]),
        (8, ["row.unreadable"]),
        (9, []),
    ]
    assert created.json()["error_rows"] == 6


def test_a_cell_of_ten_megabytes_in_a_sheet_is_an_error_of_its_row(person):
    cell = b'<c r="A3" t="inlineStr"><is><t>' + b"A" * 10_000_000 + b"</t></is></c>"
    created = post(person, with_rows(BOOK, b'<row r="3">' + cell + b"</row>"), "a.xlsx").json()
    found = rows(person, created["import_id"])
    assert [[error["code"] for error in row["errors"]] for row in found] == [[], ["cell.too_long"]]
    assert len(found[1]["row_data"]["a"]) == 1000


# Members: any columns, also old workbooks, a product to go to


def product(organisation: Organisation) -> int:
    return organisation.sql(
        "insert into members.products (org_id, name) values (%s, %s) returning product_id",
        organisation.org_id,
        f"Product {os.urandom(4).hex()}",
    )[0][0]


def members(product_id: int, name: str = "Database") -> dict[str, Any]:
    return {"record_module": "member_wd", "product_id": product_id, "name": name}


def test_members_come_from_old_workbooks_too_and_bring_any_columns(organisation, person):
    book = old_workbook(
        [
            ["username", "telpon", "WA", "rekening"],
            ["abc", "wa.me/62812", "0812", "'007"],
            ["Def", 62812.0, 5.0, 7.0],
        ]
    )
    answer = post(person, book, "members.xls", "member_records", options=members(product(organisation)))
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert (created["sheet"], created["ignored_columns"], created["missing_columns"]) == ("Data", [], [])
    assert created["digit_columns"] == ["telpon", "WA"]
    found = rows(person, created["import_id"])
    assert found[0]["row_data"] == {
        "username": "abc",
        "telpon": "wa.me/62812",
        "WA": "0812",
        "rekening": "'007",
    }
    assert [(error["field"], error["code"]) for error in found[1]["errors"]] == [
        ("telpon", "cell.number"),
        ("WA", "cell.number"),
    ]
    assert found[1]["row_data"]["rekening"] == "7"


def test_eight_uploads_at_once_of_one_file_for_one_product_are_one_import(organisation, person):
    content = lines(["username", "telpon"], *([f"u{number}", "wa.me/62812"] for number in range(500)))
    here, there = product(organisation), product(organisation)
    before = organisation.count("ingest.imports")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda n: post(person, content, "m.csv", "member_records", options=members(here, f"{n}")),
                range(8),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["import_id"] for answer in answers}) == 1
    other = post(person, content, "m.csv", "member_records", options=members(there))
    assert (other.status_code, other.json()["duplicate_of"]) == (201, None)
    assert organisation.count("ingest.imports") == before + 2


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (None, 422),
        ({"product_id": 5}, 422),
        (members(99_999_999), 404),
        (members(1) | {"record_module": "x"}, 422),
    ],
)
def test_members_that_do_not_say_where_they_go_leave_nothing(organisation, person, bff_home, options, status):
    before = everything(organisation, bff_home)
    answer = post(
        person, b"username\nabc\n", "m.csv", "member_records", **({"options": options} if options else {})
    )
    assert answer.status_code == status, answer.text
    assert everything(organisation, bff_home) == before
