"""Workbooks for tests: honest ones by xlsxwriter, and what somebody with a hex editor makes of them."""

import io
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


def encrypted() -> bytes:
    """What a workbook with a password looks like from outside: a compound file that holds a package."""
    sector = 512
    free, end, fat = b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", b"\xfd\xff\xff\xff"

    def entry(
        name: str, kind: int, left: bytes, right: bytes, child: bytes, start: bytes, size: int
    ) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes([kind, 1]) + left + right + child
            + bytes(36) + start + size.to_bytes(8, "little")
        )  # fmt: skip

    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
        + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
        + end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    )  # fmt: skip
    table = (fat + end + b"".join(n.to_bytes(4, "little") for n in range(3, 10)) + end).ljust(sector, b"\xff")
    folder = (
        entry("Root Entry", 5, free, free, (1).to_bytes(4, "little"), end, 0)
        + entry("EncryptedPackage", 2, free, (2).to_bytes(4, "little"), free, (2).to_bytes(4, "little"), 4096)
        + entry("EncryptionInfo", 2, free, free, free, end, 0)
        + entry("", 0, free, free, free, bytes(4), 0)
    )
    return header.ljust(sector, b"\0") + table + folder + bytes(8 * sector)
