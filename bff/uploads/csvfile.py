"""CSV files: every record becomes one row, and one stray quote costs one row and not the rest of the file."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import BinaryIO, cast

import orjson

from bff.uploads.encodings import Text
from bff.uploads.rows import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    MAX_CELL,
    Batch,
    Refused,
    checked,
    header_of,
    unreadable,
)

MAX_LINE = 4 * MAX_CELL
"""Characters of the longest line."""

_CHUNK = 256 * 1024
"""Characters of the lines that are read together."""

csv.field_size_limit(MAX_CELL)


class CsvFile:
    """A CSV file with a header, its cells separated by commas, semicolons or tabs.

    Raises Refused: import.empty, import.no_rows, and what `header_of` raises.
    """

    def __init__(self, file: BinaryIO, text: Text) -> None:
        source = io.TextIOWrapper(io.BufferedReader(_Unclosed(file), _CHUNK), encoding=text.codec, newline="")
        self._lines = _Lines(source, bounded=not text.has_long_lines)
        self._delimiter = _delimiter(self._lines)
        self._text = text
        cells = self._first_record()
        self._width = len(cells)
        self.header = header_of(cells)
        self.details: Mapping[str, str] = {"encoding": text.encoding, "delimiter": self._delimiter}
        self._batches = self._read()
        first = next(self._batches, None)
        if first is None:
            raise Refused("import.no_rows", "The file has a header but no rows.")
        self._first = first

    def close(self) -> None:
        """Nothing is held."""

    def batches(self, digit_columns: Collection[str] = ()) -> Iterator[Batch]:
        """The rows, once. Text has no types: no cell is stored as a number."""
        return chain([self._first], self._batches)

    def _read(self) -> Iterator[Batch]:
        """The records after the header; a wholly blank line is none.

        Most lines of most files have no quote, and then separators cut them, with no need for a reader; where
        nothing needs an escape either, JSON is the cells between the names. What is done a million times
        stands here, without calls.
        """
        names, delimiter, lines = self.header, self._delimiter, self._lines
        template, width = self._template(), self._plain_width()
        batch = Batch()
        line = self._last_line
        while True:
            feed = lines.since(line + 1)
            try:
                for text in feed:
                    if '"' in text or len(text) > MAX_CELL:
                        reader = csv.reader(chain((text,), feed), delimiter=delimiter, strict=True)
                        cells = next(reader)
                        start, line = line + 1, line + reader.line_num
                        data = ""
                    else:
                        start = line = line + 1
                        cells = text.rstrip("\r\n").split(delimiter)
                        data = template if "\\" not in text else ""
                    lines.start = line + 1
                    if len(cells) == width:
                        if data:
                            data %= tuple(cells)
                        else:
                            data = orjson.dumps(dict(zip(names, cells, strict=False))).decode()
                        batch.row_nos.append(start)
                        batch.rows.append(data)
                        batch.errors.append(None)
                        batch.characters += len(data)
                    elif len(cells) > 1 or (cells and cells[0].strip()):
                        batch.add(start, *checked(names, self._width, cells))
                    else:
                        continue
                    if len(batch.rows) >= BATCH_ROWS or batch.characters >= BATCH_CHARACTERS:
                        yield batch
                        batch = Batch()
                break
            except csv.Error as fault:
                # Reading goes on with the line after the one on which the broken record started.
                line += 1
                batch.add(line, *unreadable(lines.line(line) or "", str(fault)))
        if batch.rows:
            yield batch

    def _plain_width(self) -> int:
        """How many cells a row has that needs no second look; -1 where every row needs one."""
        names = len(self.header)
        return names if self._width == names > 1 and not self._text.may_hold_nul else -1

    def _template(self) -> str:
        """A row as JSON with places for its cells; empty where a cell may hold what JSON must escape."""
        if self._text.has_controls or (self._text.has_tabs and self._delimiter != "\t"):
            return ""
        cells = (f'{orjson.dumps(name).decode().replace("%", "%%")}:"%s"' for name in self.header)
        return "{" + ",".join(cells) + "}"

    def _first_record(self) -> list[str]:
        """The first record that is not blank. Leaves `_last_line` where it ends. Raises Refused."""
        reader = csv.reader(self._lines.since(1), delimiter=self._delimiter, strict=True)
        try:
            for cells in reader:
                self._last_line = reader.line_num
                self._lines.start = self._last_line + 1
                if len(cells) > 1 or (cells and cells[0].strip()):
                    return list(cells)
        except csv.Error as fault:
            raise Refused(
                "import.no_header", f"The first line cannot be read as a header: {fault}."
            ) from None
        raise Refused("import.empty", "The file is empty.")


class _Unclosed(io.RawIOBase):
    """Hands on what it reads; closing it leaves the file itself open for its owner.

    It remembers where it stands: the owner reads the same file in between.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        piece = self._file.read(len(buffer))
        self._at += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)


class _Lines:
    """The physical lines of a file, with a way back to those that a broken record swallowed.

    `bounded`: no line is long, so that many can be read at once; otherwise they are read one by one and not
    beyond MAX_LINE.
    """

    def __init__(self, text: io.TextIOWrapper, *, bounded: bool) -> None:
        self._text = text
        self._bounded = bounded
        self._kept: list[str | None] = []
        """Lines from `_first` on; None for one that was too long to keep."""
        self._first = 1
        self.start = 1
        """No line before this one is asked for again."""

    def since(self, line: int) -> Iterator[str]:
        """The lines from this one on. Raises csv.Error at one that is too long."""
        again = self._kept[line - self._first :]
        if self._bounded:
            return chain.from_iterable(chain([cast(list[str], again)], self._chunks()))
        return self._each(chain(again, self._one_by_one()))

    def line(self, line: int) -> str | None:
        """One that was read already."""
        return self._kept[line - self._first]

    def _chunks(self) -> Iterator[list[str]]:
        while lines := self._text.readlines(_CHUNK):
            self._keep(lines)
            yield lines

    def _one_by_one(self) -> Iterator[str | None]:
        while (line := self._text.readline(MAX_LINE)) != "":
            kept: str | None = line
            if len(line) >= MAX_LINE and line[-1] not in "\r\n":
                kept = None
                while (rest := self._text.readline(MAX_LINE)) and rest[-1] not in "\r\n":
                    pass
            self._keep([kept])
            yield kept

    def _each(self, lines: Iterator[str | None]) -> Iterator[str]:
        for line in lines:
            if line is None:
                raise csv.Error(f"line is longer than {MAX_LINE} characters")
            yield line

    def _keep(self, lines: "list[str] | list[str | None]") -> None:
        passed = min(self.start - self._first, len(self._kept))
        del self._kept[:passed]
        self._first += passed
        self._kept += lines


def _delimiter(lines: _Lines) -> str:
    """The separator that cuts the first line which is not blank into most names; a comma where none does.

    One with which quotes begin and end where cells do goes first: `"a,,b";c` has two names, not three.
    """
    header = ""
    with suppress(csv.Error):  # it is too long
        header = next((line for line in lines.since(1) if line.strip()), "")

    def columns(delimiter: str) -> tuple[bool, bool, int]:
        for strict in (True, False):
            try:
                names = next(csv.reader([header], delimiter=delimiter, strict=strict), [])
            except csv.Error:
                continue
            return strict, not any('"' in name for name in names), len(names)
        return False, False, 0

    return max(",;\t", key=columns)
