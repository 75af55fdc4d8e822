"""CSV files as rows to stage: every record becomes one row, faults of a record an error of that row.

Faults of the file as a whole (no header, a name twice) are problems for whoever uploads; nothing of such a
file is kept. Rules: design §7.
"""

import csv
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from bff.problems import FieldError, Problem

MAX_CELL = 1024 * 1024
"""Characters of the largest cell."""
MAX_LINE = 4 * MAX_CELL
"""Characters of the longest line."""
EXTRA_CELLS = "_extra"
"""Key under which the cells that a row has too many are kept."""
RAW = "_raw"
"""Key under which the beginning of a line that cannot be read as cells is kept."""
MAX_COLUMNS = 500

_NO_NUL = "\ufffd"
"""Stands in stored text for NUL, which Postgres cannot store."""

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the file. `line` is where it starts, from 1; `data` is the text of a JSON object."""

    line: int
    data: str
    errors: str | None
    """JSON list of {field, code, message}."""


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    cells: list[str]
    fault: str | None = None
    raw: str = ""


class CsvFile:
    """A CSV file in UTF-8, with or without byte order mark, separated by commas, semicolons or tabs.

    `header` is known at once. Raises Problem 422: import.empty, import.no_header, import.duplicate_header,
    import.blank_header, import.too_many_columns.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._lines = _Lines(
            io.TextIOWrapper(io.BufferedReader(_Unclosed(file)), encoding="utf-8-sig", newline="")
        )
        self._records = _records(self._lines, _delimiter(self._lines))
        first = next(self._records, None)
        if first is None:
            raise _refused("import.empty", "The file is empty.")
        if first.fault is not None:
            raise _refused("import.no_header", f"The first line cannot be read as a header: {first.fault}.")
        self._width = len(first.cells)
        self.header = _header(first.cells)

    def rows(self) -> Iterator[Row]:
        """The records after the header. A wholly blank line is no record."""
        for record in self._records:
            if record.fault is None:
                yield self._row(record)
            else:
                errors = [FieldError("", "row.unreadable", f"This row cannot be read: {record.fault}.")]
                raw = record.raw.replace("\0", _NO_NUL)
                yield Row(record.line, json.dumps({RAW: raw}, ensure_ascii=False), _as_json(errors))

    def _row(self, record: _Record) -> Row:
        names, cells = self.header, record.cells
        errors = [
            FieldError(
                names[position] if position < len(names) else "", "cell.nul", "Contains the character NUL."
            )
            for position, cell in enumerate(cells)
            if "\0" in cell
        ]
        if errors:
            cells = [cell.replace("\0", _NO_NUL) for cell in cells]
        data: dict[str, str | list[str]] = dict(zip(names, cells, strict=False))
        extra = cells[len(names) :]
        if len(cells) > self._width or any(cell.strip() for cell in extra):
            data[EXTRA_CELLS] = extra
            errors.append(_count_error("row.too_long", len(cells), len(names)))
        elif len(cells) < len(names):
            errors.append(_count_error("row.too_short", len(cells), len(names)))
        return Row(record.line, json.dumps(data, ensure_ascii=False), _as_json(errors))


def batches(rows: Iterable[Row], max_rows: int, max_characters: int) -> Iterator[list[Row]]:
    """Rows in lists that are full at `max_rows`, or earlier at `max_characters`."""
    batch: list[Row] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += len(row.data)
        if len(batch) >= max_rows or characters >= max_characters:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


class _Unclosed(io.RawIOBase):
    """Hands on what it reads; closing it leaves the file itself open for its owner."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class _Lines:
    """The physical lines of the file, bounded, with a way back for lines that a broken record swallowed."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str | None] = deque()
        self.number = 0
        """The line that was read last."""
        self.taken: list[str | None] = []
        """Lines read since this was last emptied; None for one that was too long to keep."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if line == "":
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if line is None:
            raise csv.Error(f"line is longer than {MAX_LINE} characters")
        return line

    def _read(self) -> str | None:
        line = self._text.readline(MAX_LINE)
        if len(line) < MAX_LINE or line[-1] in "\r\n":
            return line
        while (rest := self._text.readline(MAX_LINE)) and rest[-1] not in "\r\n":
            pass
        return None

    def peek(self) -> str:
        """The first line that is not blank, still to be read; empty when it is too long."""
        found = ""
        with suppress(csv.Error):
            found = next((line for line in self if line.strip()), "")
        self.give_back(self.taken)
        return found

    def give_back(self, lines: list[str | None]) -> None:
        """Read these once more: the last of those taken."""
        self.number -= len(lines)
        self._again.extendleft(reversed(lines))


def _records(lines: _Lines, delimiter: str) -> Iterator[_Record]:
    """The records of the file with the line each starts on.

    After a record that cannot be read (say, a quote that is never closed) reading goes on with the line after
    the one it started on, so that one stray quote costs one row and not the rest of the file.
    """
    while True:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        while True:
            start = lines.number + 1
            lines.taken = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                yield _Record(start, [], str(fault), (lines.taken[0] or "").rstrip("\r\n")[:1000])
                lines.give_back(lines.taken[1:])
                break
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield _Record(start, cells)


def _delimiter(lines: _Lines) -> str:
    """The separator that cuts the header into most names; a comma where none does."""
    header = lines.peek()

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader([header], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(",;\t", key=columns)


def _header(cells: list[str]) -> list[str]:
    """The names of the columns. Nameless columns are allowed at the end, where spreadsheets leave them."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise _refused("import.no_header", "The first line must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise _refused("import.too_many_columns", f"More than {MAX_COLUMNS} columns.")
    if "\0" in "".join(names):
        raise _refused("import.no_header", "The header contains the character NUL.")
    if "" in names:
        raise _refused("import.blank_header", f"Column {names.index('') + 1} has no name.")
    folded = [name.casefold() for name in names]
    for position, name in enumerate(folded):
        if name in folded[:position]:
            raise _refused("import.duplicate_header", f"The column {names[position]!r} is there twice.")
    return names


def _count_error(code: str, found: int, expected: int) -> FieldError:
    return FieldError("", code, f"The row has {found} cells, the header has {expected}.")


def _as_json(errors: list[FieldError]) -> str | None:
    if not errors:
        return None
    return json.dumps([{"field": e.field or None, "code": e.code, "message": e.message} for e in errors])


def _refused(code: str, message: str) -> Problem:
    return Problem(422, code, message, errors=[FieldError("file", code, message)])
