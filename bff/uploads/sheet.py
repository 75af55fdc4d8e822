"""The process that reads one spreadsheet: `python -m bff.uploads.sheet FILE_DESCRIPTOR SUFFIX`.

A spreadsheet is a program for whoever unpacks it, so it is read here, under limits on memory and time, and
what goes wrong ends this process and not the service. It answers on standard output in frames (four bytes of
length, then JSON): `{header, sheet}`, then, once a line on standard input has named the columns of digits, a
frame for each batch, then `{end: true}`; or `{refused: [status, code, message]}`.
"""

import datetime
import errno
import io
import os
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import orjson
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from bff.uploads.formulas import unusable_cells
from bff.uploads.rows import MAX_COLUMNS, Batch, Fault, Refused, checked, header_of

MEMORY = 2 * 1024**3
"""Bytes of this process' address space."""
CPU_SECONDS = 120
SECONDS = 600
"""How long this process may live, however slowly its rows are taken."""
MAX_UNPACKED = 1024**3
"""Bytes of all parts of a workbook, as it says itself; should it lie, the limits above count."""
MAX_PARTS = 10_000

OUT_OF_MEMORY = 3
"""Exit status of a process that reached its limit."""

Cells = dict[tuple[int, int], Fault]
Record = tuple[int, int, list[Any], list[Fault]]
"""Line, the column of the first cell (from 0), cells as they are stored, faults with a column's number."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "The workbook is protected by a password. Save it without."
_DAMAGED = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ExpatError,
    ValueError,
    KeyError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What the libraries raise for a file that is not what it claims to be."""


def main() -> None:
    """Serve one file."""
    _limit()
    try:
        sheet, found = _opened(int(sys.argv[1]), sys.argv[2])
        records = _records(sheet, found)
        header = _header(records)
        first = _first(records)
        _send({"header": header, "sheet": sheet.name})
        wanted = orjson.loads(sys.stdin.buffer.readline() or b"null")
        if wanted is None:
            return
        digits = frozenset(position for position, name in enumerate(header) if name in wanted)
        for batch in _batches(chain([first], records), header, digits):
            _send({"row_nos": batch.row_nos, "rows": batch.rows, "errors": batch.errors})
        _send({"end": True})
    except Refused as refused:
        _send({"refused": [refused.status, refused.code, refused.message]})
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _limit() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    signal.alarm(SECONDS)


def _opened(descriptor: int, suffix: str) -> tuple[Any, Cells]:
    """The first sheet, and its cells that hold nothing usable. Raises Refused."""
    file = cast(BinaryIO, io.BufferedReader(_Apart(descriptor)))
    found: Cells = {}
    try:
        if suffix == ".xlsx":
            _refuse_compound(file)
            _weigh(file)
            found = unusable_cells(file)
        file.seek(0)
        workbook = CalamineWorkbook.from_filelike(file)
        if not workbook.sheet_names:
            raise Refused("import.empty", "The workbook has no sheet.")
        return workbook.get_sheet_by_index(0), found
    except PasswordError:
        raise Refused("import.encrypted", _PROTECTED) from None
    except _DAMAGED:
        raise Refused("import.corrupt", "The workbook is damaged and cannot be read.") from None


class _Apart(io.RawIOBase):
    """A file with a position of its own: the descriptor's is shared with the service, which reads too."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: os.fstat(self._descriptor).st_size}[
            whence
        ]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the beginning")
        self._at = start + offset
        return self._at


def _refuse_compound(file: BinaryIO) -> None:
    """A new workbook with a password is kept inside of an old kind of file. Raises Refused."""
    file.seek(0)
    if file.read(len(_COMPOUND)) != _COMPOUND:
        return
    if "EncryptedPackage".encode("utf-16-le") in file.read():
        raise Refused("import.encrypted", _PROTECTED)
    raise Refused("import.type", "This is an old workbook (.xls) with the name of a new one.", 415)


def _weigh(file: BinaryIO) -> None:
    """Look at what the archive says of itself before anything of it is unpacked. Raises Refused."""
    parts = zipfile.ZipFile(file).infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("import.encrypted", _PROTECTED)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused("import.too_large", "The workbook unpacks to more than can be imported.", 413)


def _records(sheet: Any, found: Cells) -> Iterator[Record]:
    """The rows; those without any cell are left out."""
    left = sheet.start[1] if sheet.start else 0
    by_row: dict[int, list[tuple[int, Fault]]] = {}
    for (row, column), fault in found.items():
        by_row.setdefault(row, []).append((column, fault))
    for line, cells in enumerate(sheet.iter_rows(), 1):
        faults = [fault._replace(column=str(column)) for column, fault in sorted(by_row.pop(line, []))]
        if faults or any(cell != "" for cell in cells):
            yield line, left, cells, faults
    # Rows at the end that hold nothing else are beyond what the library takes for the sheet.
    for line, rest in sorted(by_row.items()):
        yield line, left, [], [fault._replace(column=str(column)) for column, fault in sorted(rest)]


def _header(records: Iterator[Record]) -> list[str]:
    """The names in the first row that has any text. Raises Refused."""
    for _, left, cells, _ in records:
        names = [""] * left + [_text(cell) for cell in cells]
        if not any(name.strip() for name in names):
            continue
        while names and not names[-1].strip():
            names.pop()
        if len(names) > MAX_COLUMNS:
            raise Refused("import.too_many_columns", f"More than {MAX_COLUMNS} columns.")
        # What is empty before the first name is a margin and no column.
        return header_of(names[left:])
    raise Refused("import.empty", "The first sheet is empty.")


def _first(records: Iterator[Record]) -> Record:
    """The first row after the header. Raises Refused."""
    first = next(records, None)
    if first is None:
        raise Refused("import.no_rows", "The first sheet has a header but no rows.")
    return first


def _batches(records: Iterator[Record], header: list[str], digits: frozenset[int]) -> Iterator[Batch]:
    batch = Batch()
    names = len(header)
    for line, left, cells, marked in records:
        faults = [_placed(fault, left, header) for fault in marked]
        if all(type(cell) is str for cell in cells):
            texts = cells
        else:
            texts = [cell if type(cell) is str else _text(cell) for cell in cells]
            faults += [
                Fault(
                    header[position],
                    "cell.number",
                    "Stored as a number: digits may be lost. Format it as text.",
                )
                for position in digits
                if position < len(cells) and type(cells[position]) is not str
            ]
        # A sheet is a rectangle: what is empty right of the header is no cell too many.
        while len(texts) > names and not texts[-1].strip():
            texts = texts[:-1]
        texts = texts + [""] * (names - len(texts))
        batch.add(line, *checked(header, names, texts, faults))
        if batch.is_full:
            yield batch
            batch = Batch()
    if batch.rows:
        yield batch


def _placed(fault: Fault, left: int, header: list[str]) -> Fault:
    position = int(fault.column) - left
    return fault._replace(column=header[position] if 0 <= position < len(header) else "")


def _text(cell: Any) -> str:
    """A cell as text: as it was typed where that can be known, dates in ISO 8601, no exponents."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return format(Decimal(repr(cell)), "f").removesuffix(".0")
        case datetime.datetime():
            return cell.isoformat(" ")
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case datetime.timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(cell)


def _send(message: Any) -> None:
    frame = orjson.dumps(message)
    out = sys.stdout.buffer
    out.write(len(frame).to_bytes(4, "big"))
    out.write(frame)
    out.flush()


if __name__ == "__main__":
    main()
