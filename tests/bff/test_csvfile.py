"""CSV files as people have them: which records become rows, where they start, what is wrong with each."""

import csv
import io
import json
import random

import pytest

from bff.uploads.csvfile import CsvFile
from bff.uploads.encodings import read_through
from bff.uploads.rows import BATCH_ROWS, MAX_CELL, Refused


def read(content: str | bytes) -> CsvFile:
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return CsvFile(file, read_through(file))


def rows(content: str | bytes) -> list[tuple[int, dict, list[str]]]:
    """Line, cells and codes of each row."""
    return [
        (line, json.loads(data), [error["code"] for error in json.loads(errors or "[]")])
        for batch in read(content).batches()
        for line, data, errors in zip(batch.row_nos, batch.rows, batch.errors, strict=True)
    ]


def refusal(content: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(content)
    assert caught.value.status == 422
    return caught.value.code


def test_a_row_is_numbered_by_the_line_on_which_it_starts():
    content = 'a,b\r\n1,"two\r\nlines"\r\n\r\n3,4\r\n'
    assert rows(content) == [
        (2, {"a": "1", "b": "two\r\nlines"}, []),
        (5, {"a": "3", "b": "4"}, []),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(end):
    assert [row[0] for row in rows(end.join(["a,b", "1,2", "", "3,4", ""]))] == [2, 4]


def test_the_last_line_needs_no_end():
    assert rows("a\n1") == [(2, {"a": "1"}, [])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_taken_from_the_header(separator):
    assert rows(separator.join("ab") + "\n" + separator.join("12")) == [(2, {"a": "1", "b": "2"}, [])]


def test_a_separator_inside_quotes_of_the_header_does_not_count():
    assert read('"a;b;c",d\n1,2').header == ["a;b;c", "d"]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    assert read(b"\xef\xbb\xbfname\n1").header == ["name"]


def test_cells_stay_as_they_are():
    """Leading zeros, blanks, a comma in a number: what they mean is decided in SQL."""
    line = '0812,  x ,"1,000",=1+1,TRUE'
    assert rows(f"a,b,c,d,e\n{line}")[0][1] == {
        "a": "0812",
        "b": "  x ",
        "c": "1,000",
        "d": "=1+1",
        "e": "TRUE",
    }


def test_a_blank_line_is_no_row_but_a_row_of_blank_cells_is():
    assert [row[0] for row in rows("a,b\n\n   \n,\n1,2\n\n")] == [4, 5]


def test_a_long_row_is_an_error_and_keeps_all_cells():
    assert rows("a,b\n1,2,3,4\n") == [(2, {"a": "1", "b": "2", "_extra": ["3", "4"]}, ["row.too_long"])]


def test_a_short_row_is_an_error_and_keeps_its_cells():
    assert rows("a,b,c\n1\n") == [(2, {"a": "1"}, ["row.too_short"])]


def test_columns_without_a_name_at_the_end_are_the_spreadsheets_and_not_the_users():
    assert read("a,b,,\n1,2,,\n").header == ["a", "b"]
    assert rows("a,b,,\n1,2,,\n3,4\n") == [(2, {"a": "1", "b": "2"}, []), (3, {"a": "3", "b": "4"}, [])]
    assert rows("a,,\n1,lost,\n")[0][2] == ["row.too_long"]


def test_nul_is_an_error_of_its_cell_and_is_stored_as_its_replacement():
    batch = next(read(b"a,b\n1\x002,\\u0000\n").batches())
    assert json.loads(batch.rows[0]) == {"a": "1\ufffd2", "b": "\\u0000"}
    assert json.loads(batch.errors[0] or "") == [
        {"field": "a", "code": "cell.nul", "message": "Contains the character NUL."}
    ]


def test_one_stray_quote_costs_one_row_and_not_the_rest_of_the_file():
    content = 'a,b\n1,"open\n2,x\n3,y\n"bad"quote,z\n4,w\n'
    assert rows(content) == [
        (2, {"_raw": '1,"open'}, ["row.unreadable"]),
        (3, {"a": "2", "b": "x"}, []),
        (4, {"a": "3", "b": "y"}, []),
        (5, {"_raw": '"bad"quote,z'}, ["row.unreadable"]),
        (6, {"a": "4", "b": "w"}, []),
    ]


def test_a_cell_over_a_million_characters_is_an_error_of_its_row():
    content = f"a,b\n1,{'x' * (MAX_CELL + 1)}\n2,ok\n"
    assert [(line, codes) for line, _, codes in rows(content)] == [(2, ["row.unreadable"]), (3, [])]


def test_a_line_without_end_is_an_error_of_its_row_and_the_next_is_read():
    content = 'a,b\n1,"x\n' + "y," * (3 * MAX_CELL) + "\n2,ok\n"
    assert [(line, codes) for line, _, codes in rows(content)] == [
        (2, ["row.unreadable"]),
        (3, ["row.unreadable"]),
        (4, []),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "import.empty"),
        ("\n \r\n", "import.empty"),
        (b"\xef\xbb\xbf", "import.empty"),
        (",,\n1,2,3", "import.no_header"),
        ('"a,b\n1,2', "import.no_header"),
        ("a,,b\n1,2,3", "import.blank_header"),
        ("a,b,a\n1,2,3", "import.duplicate_header"),
        ("Name, name \n1,2", "import.duplicate_header"),
        (b"a\x00,b\n1,2", "import.no_header"),
        (",".join(f"c{n}" for n in range(501)) + "\n1", "import.too_many_columns"),
    ],
)
def test_a_header_that_cannot_be_used_refuses_the_file(content, code):
    assert refusal(content) == code


def test_batches_are_bounded_by_rows_and_by_size():
    content = "a\n" + "x\n" * (BATCH_ROWS + 3) + ("y" * (MAX_CELL - 1) + "\n") * 5
    sizes = [len(batch.rows) for batch in read(content).batches()]
    assert sizes == [BATCH_ROWS, 7, 1]


def test_a_file_that_is_read_by_somebody_else_in_between_loses_nothing():
    file = io.BytesIO(b"a,b\n" + b"1,2\n" * 200_000)
    batches = CsvFile(file, read_through(file)).batches()
    count = 0
    for batch in batches:
        count += len(batch.rows)
        file.seek(0, io.SEEK_END)
    assert count == 200_000


def test_what_a_writer_wrote_is_read_back_whatever_the_cells():
    """A property, over many random files: every row, every cell, and the line each starts on."""
    dice = random.Random(11)
    alphabet = "ab01 ,;\t\"'\n\r\\é漢\u2028"
    for _ in range(200):
        width = dice.randrange(1, 6)
        names = [f"column {n}" for n in range(width)]
        cells = [
            ["".join(dice.choices(alphabet, k=dice.randrange(12))) for _ in range(width)]
            for _ in range(dice.randrange(1, 20))
        ]
        for row in cells:
            row[0] = f"x{row[0]}"  # a wholly blank line is no row
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        lines = []
        for row in cells:
            lines.append(len(buffer.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
            writer.writerow(row)
        found = rows(buffer.getvalue())
        assert [(line, list(data.values()), errors) for line, data, errors in found] == [
            (line, row, []) for line, row in zip(lines, cells, strict=True)
        ]


def test_noise_is_never_lost_and_never_raises():
    """Whatever the bytes, every line that is not blank is covered by some row, in order."""
    dice = random.Random(13)
    for _ in range(300):
        noise = "".join(dice.choices('a,"\n\r;\0', k=dice.randrange(200)))
        found = rows("h1,h2\n" + noise + "\nlast,row\n")
        starts = [line for line, _, _ in found]
        assert starts == sorted(set(starts))
        assert all(start >= 2 for start in starts)
