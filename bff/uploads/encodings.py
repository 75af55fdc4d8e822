"""What a file of text is written in. Decided strictly: what is not surely text is refused."""

import codecs
import hashlib
import re
from dataclasses import dataclass
from typing import BinaryIO

from bff.uploads.rows import Refused

PIECE = 256 * 1024
"""Bytes read at a time. A line longer than two of them is found by a piece without any end of line."""

_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet or document"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "compressed"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)

_CONTROLS = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})

_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Bytes that no text in Windows-1252 has; every string of bytes would be such text otherwise."""

_CODECS = {"UTF-8": "utf-8-sig", "UTF-16LE": "utf-16", "UTF-16BE": "utf-16", "Windows-1252": "cp1252"}


@dataclass(frozen=True, slots=True)
class Text:
    """A file of text: its size in bytes, its checksum, and how to read it."""

    size: int
    sha256: str
    encoding: str
    """As people call it: UTF-8, UTF-16LE, UTF-16BE or Windows-1252."""
    has_long_lines: bool
    """False: no line is longer than half a million bytes."""
    may_hold_nul: bool
    has_controls: bool
    """False: no control character but tabs and ends of lines."""
    has_tabs: bool

    @property
    def codec(self) -> str:
        """Python's name of the encoding; it drops a byte order mark."""
        return _CODECS[self.encoding]


def read_through(file: BinaryIO) -> Text:
    """Read the file once, from its beginning. Raises Refused: import.type (415), import.encoding."""
    file.seek(0)
    start = file.read(8)
    for magic, what in _MAGIC:
        if start.startswith(magic):
            raise Refused("import.type", f"This is no CSV file: it is {what}.", 415)
    encoding = "UTF-8"
    if start.startswith(codecs.BOM_UTF16_LE):
        encoding = "UTF-16LE"
    elif start.startswith(codecs.BOM_UTF16_BE):
        encoding = "UTF-16BE"

    checksum = hashlib.sha256()
    decoder = codecs.getincrementaldecoder(_CODECS[encoding])()
    size = nuls = 0
    is_valid, has_tabs = True, False
    # The bytes of UTF-16 do not tell.
    has_long_lines = has_controls = encoding != "UTF-8"
    file.seek(0)
    while piece := file.read(PIECE):
        size += len(piece)
        checksum.update(piece)
        nuls += piece.count(0)
        has_long_lines = has_long_lines or not (b"\n" in piece or b"\r" in piece or len(piece) < PIECE)
        has_tabs = has_tabs or b"\t" in piece
        has_controls = has_controls or len(piece.translate(None, _CONTROLS)) < len(piece)
        is_valid = is_valid and _decodes(decoder, piece)
    if not (is_valid and _decodes(decoder, b"", final=True)):
        says_otherwise = encoding != "UTF-8" or start.startswith(codecs.BOM_UTF8)
        if says_otherwise or not _is_windows_1252(file):
            raise Refused("import.encoding", "This is no text in UTF-8, UTF-16 or Windows-1252.")
        encoding = "Windows-1252"
    elif encoding == "UTF-8" and nuls > 16 and 4 * nuls > size:
        raise Refused("import.encoding", "This is no text: it is full of the character NUL.")
    return Text(
        size=size,
        sha256=checksum.hexdigest(),
        encoding=encoding,
        has_long_lines=has_long_lines,
        may_hold_nul=nuls > 0,
        has_controls=has_controls,
        has_tabs=has_tabs,
    )


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_windows_1252(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("cp1252")()
    file.seek(0)
    while piece := file.read(PIECE):
        if _NO_TEXT.search(piece) or not _decodes(decoder, piece):
            return False
    return True
