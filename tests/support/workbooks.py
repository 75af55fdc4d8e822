"""Workbooks for tests: honest ones by xlsxwriter, and what somebody with a hex editor makes of them."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Iterable[Sequence[Any]], name: str = "Sheet1", **options: Any) -> bytes:
    """A workbook whose first sheet holds these rows: texts as text, numbers as numbers; None is no cell."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    sheet = book.add_worksheet(name)
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                sheet.write(line, column, cell)
    book.close()
    return buffer.getvalue()


def altered(book: bytes, change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """The workbook with the XML of one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return buffer.getvalue()


def with_rows(book: bytes, xml: bytes, times: int = 1) -> bytes:
    """The workbook with more rows at the end of its sheet, given as XML, as often as is said."""
    buffer = io.BytesIO()
    packed = zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(book)) as old, packed as new:
        for entry in old.infolist():
            before, end, after = old.read(entry).partition(b"</sheetData>")
            with new.open(entry.filename, "w", force_zip64=False) as part:
                part.write(before)
                for _ in range(times if end else 0):
                    part.write(xml)
                part.write(end + after)
    return buffer.getvalue()


def old_workbook(rows: Iterable[Sequence[str | float]]) -> bytes:
    """An .xls file (BIFF8) whose only sheet holds these rows: texts in Latin-1, and numbers."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 0x06))

    sheet = begin(0x0010)
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", line, column, 0)
            if isinstance(cell, str):
                text = cell.encode("latin-1")
                sheet += record(0x0204, place + struct.pack("<HB", len(text), 0) + text)
            else:
                sheet += record(0x0203, place + struct.pack("<d", cell))
    end = record(0x000A, b"")
    start = begin(0x0005)
    named = struct.pack("<IBBBB", len(start) + 4 + 12 + len(end), 0, 0, 4, 0) + b"Data"
    return compound({"Workbook": start + record(0x0085, named) + end + sheet + end})


def encrypted() -> bytes:
    """What a workbook with a password looks like from outside: a compound file that holds a package."""
    return compound({"EncryptedPackage": b"?" * 4096, "EncryptionInfo": b"?" * 4096})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with these streams, each padded to what need not be kept among small ones."""
    sector = 512
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chain, content = [fat, end], b""
    entries = [("Root Entry", 5, end, 0, 1)]
    for name, stream in streams.items():
        padded = stream.ljust(4096, b"\0")
        padded += bytes(-len(padded) % sector)
        first, count = len(chain), len(padded) // sector
        chain += [*range(first + 1, first + count), end]
        entries.append((name, 2, first, len(padded), free))
        content += padded
    assert len(chain) <= sector // 4, "one sector of chains is enough for tests"
    folder = b""
    for number, (name, kind, first, size, child) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\0\0"
        right = number + 1 if 0 < number < len(entries) - 1 else free
        folder += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, free, right, child)
        folder += bytes(36) + struct.pack("<IQ", first, size)
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(sector, b"\xff")
    return header.ljust(sector, b"\xff") + table + folder.ljust(sector, b"\0") + content
