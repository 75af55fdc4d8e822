"""Files that programs have written: every row and every character arrives, as a second reader reads them."""

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bff.uploads.csvfile import CsvFile
from bff.uploads.encodings import read_through
from bff.uploads.received import opened
from tests.support.workbooks import workbook

LATIN = "aZ09 ,;\t\"'=@éüß€–\n\r"
ANY = LATIN + "漢字ب🙂\u00a0\u2028\u0085\x0b\x0c\x1c\ufeff\\{}_x0041_"

MARKS = {"utf-8": b"", "utf-8-sig": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "cp1252": b""}
"""What stands before the text; Python writes that of utf-8-sig itself."""

Rows = list[tuple[int, dict[str, Any], list[str]]]
"""Line, cells by column, codes of errors."""


@dataclass(frozen=True)
class Written:
    """A CSV file, and what it was made of."""

    text: str
    codec: str
    separator: str

    @property
    def content(self) -> bytes:
        return MARKS[self.codec] + self.text.encode(self.codec)


@st.composite
def csv_files(draw: st.DrawFn) -> Written:
    """A file by a writer that quotes as it likes, with rows too short and too long and blank lines."""
    codec = draw(st.sampled_from(sorted(MARKS)))
    alphabet = LATIN if codec == "cp1252" else ANY
    width = draw(st.integers(1, 5))
    separator = draw(st.sampled_from(",;\t" if width > 1 else ","))
    plain = "".join(c for c in alphabet if c not in '"\n\r\ufeff')
    names = draw(
        st.lists(st.text(plain, max_size=5).map(str.strip), min_size=width, max_size=width, unique=True)
    )
    header = [f"{number}{name}" for number, name in enumerate(names)]
    cells = st.text(alphabet, max_size=8)
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=width + 2), min_size=1, max_size=12))

    def written(cell: str) -> str:
        if any(c in cell for c in ',;\t"\n\r') or draw(st.booleans()):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    ends = st.sampled_from(["\n", "\r\n", "\r"])
    lines = []
    for row in [header, *rows]:
        lines.append(separator.join(written(cell) for cell in row) + draw(ends))
        lines += [blank + draw(ends) for blank in draw(st.lists(st.sampled_from(["", "  "]), max_size=1))]
    if draw(st.booleans()):
        lines.append(separator.join(written("last") for _ in header))  # without an end
    return Written("".join(lines), codec, separator)


def second_reader(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """The records of a well-formed file with the lines they start on, character by character (RFC 4180)."""
    records: list[tuple[int, list[str]]] = []
    line = start = 1
    cells, cell, quoted, position = [], "", False, 0

    def close() -> None:
        nonlocal cells, cell
        cells.append(cell)
        if len(cells) > 1 or cells[0].strip():
            records.append((start, cells))
        cells, cell = [], ""

    while position < len(text):
        c = text[position]
        pair = text[position : position + 2]
        if quoted:
            if pair == '""':
                cell += '"'
                position += 1
            elif c == '"':
                quoted = False
            else:
                cell += c
                line += c == "\n" or (c == "\r" and pair != "\r\n")
        elif c == '"' and not cell:
            quoted = True
        elif c == separator:
            cells.append(cell)
            cell = ""
        elif c in "\r\n":
            close()
            position += pair == "\r\n"
            line += 1
            start = line
        else:
            cell += c
        position += 1
    if cells or cell:
        close()
    return records


def expected(written: Written) -> tuple[list[str], Rows]:
    (_, header), *records = second_reader(written.text, written.separator)
    rows: Rows = []
    for line, cells in records:
        data: dict[str, Any] = dict(zip(header, cells, strict=False))
        codes = []
        if len(cells) > len(header):
            data["_extra"] = cells[len(header) :]
            codes = ["row.too_long"]
        elif len(cells) < len(header):
            codes = ["row.too_short"]
        rows.append((line, data, codes))
    return header, rows


def can_be_told(written: Written) -> bool:
    """Whether Windows-1252 does not happen to be UTF-8 as well."""
    if written.codec != "cp1252" or written.text.isascii():
        return True
    try:
        written.content.decode()
    except UnicodeDecodeError:
        return True
    return False


def read(source: Any) -> Rows:
    return [
        (line, json.loads(data), [error["code"] for error in json.loads(errors or "[]")])
        for batch in source.batches(())
        for line, data, errors in zip(batch.row_nos, batch.rows, batch.errors, strict=True)
    ]


@settings(max_examples=300)
@given(csv_files())
@example(Written('0a,1b\r\n"x\r\ny","\r"\r\n\r\nlast,"row"', "utf-16-le", ","))
def test_a_csv_file_is_read_as_a_second_reader_reads_it(written: Written) -> None:
    assume(can_be_told(written))
    header, rows = expected(written)
    assume(rows)
    file = io.BytesIO(written.content)
    source = CsvFile(file, read_through(file))
    assert source.header == header
    assert read(source) == rows


@pytest.fixture(scope="module")
def importer(login: Callable[..., httpx.Client]) -> httpx.Client:
    return login("mc@alpha.test")


def stored(importer: httpx.Client, name: str, content: bytes) -> tuple[dict[str, Any], Rows]:
    """The import of a file, and its rows as the database has them."""
    answer = importer.post(
        "/api/imports", data={"module": "leads"}, files={"file": (name, content, "text/csv")}
    )
    assert answer.status_code in (200, 201), answer.text
    rows: Rows = []
    query = {"limit": "100"}
    while True:
        page = importer.get(f"/api/imports/{answer.json()['import_id']}/rows", params=query).json()
        rows += [
            (row["row_no"], row["row_data"], [error["code"] for error in row["errors"]])
            for row in page["items"]
        ]
        if page["next"] is None:
            return answer.json(), rows
        query["cursor"] = page["next"]


@settings(max_examples=30)
@given(written=csv_files())
def test_what_is_stored_of_a_csv_file_is_what_was_in_it(importer: httpx.Client, written: Written) -> None:
    assume(can_be_told(written))
    header, rows = expected(written)
    assume(rows)
    known, found = stored(importer, "random.csv", written.content)
    assert known["header"] == header
    assert known["total_rows"] == len(rows)
    assert found == rows


# Workbooks

TEXTS = st.text("".join(c for c in ANY if c not in "\r\x0b\x0c\x1c"), max_size=8)
NUMBERS = st.integers(-(10**15), 10**15) | st.integers(-(10**6), 10**6).map(lambda n: n / 100)


def shown(cell: Any) -> str:
    """A cell as text, by another way than the one that is tested."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case float():
            return f"{cell:.2f}".rstrip("0").rstrip(".")
        case _:
            return str(cell)


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    """A header and rows of texts, numbers and blanks, some of the rows wholly blank."""
    width = draw(st.integers(1, 5))
    cell = st.none() | TEXTS | NUMBERS | st.booleans()
    rows = draw(st.lists(st.lists(cell, max_size=width + 1), min_size=1, max_size=10))
    return [[f"c{number}" for number in range(width)], *rows]


def expected_of(table: list[list[Any]]) -> Rows:
    header, *rows = table
    found: Rows = []
    for line, row in enumerate(rows, 2):
        cells = [shown(cell) for cell in row]
        if not any(cells):
            continue
        cells += [""] * (len(header) - len(cells))
        data: dict[str, Any] = dict(zip(header, cells, strict=False))
        extra = cells[len(header) :]
        if any(cell.strip() for cell in extra):
            data["_extra"] = extra
        found.append((line, data, ["row.too_long"] if "_extra" in data else []))
    return found


@settings(max_examples=30)
@given(tables())
def test_a_workbook_is_read_as_it_was_written(table: list[list[Any]]) -> None:
    rows = expected_of(table)
    assume(rows)
    with tempfile.TemporaryFile() as file:
        file.write(workbook(table))
        received = opened(file, "random.xlsx", ".xlsx")
        try:
            assert received.source.header == table[0]
            assert read(received.source) == rows
        finally:
            received.source.close()


@settings(max_examples=15)
@given(table=tables())
def test_what_is_stored_of_a_workbook_is_what_was_in_it(
    importer: httpx.Client, table: list[list[Any]]
) -> None:
    rows = expected_of(table)
    assume(rows)
    known, found = stored(importer, "random.xlsx", workbook(table))
    assert known["total_rows"] == len(rows)
    assert found == rows
