"""Cells of a workbook that show nothing usable: errors such as #N/A, and formulas without a stored result.

The library that reads cells gives both as empty. They are found in the XML of the sheet, which is parsed only
when it has any formula or error.
"""

import posixpath
import re
import zipfile
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bff.uploads.rows import Fault, Refused

MAX_FOUND = 100_000
"""A sheet with more such cells than this is beyond help."""

_CHUNK = 1024 * 1024
_SUSPECT = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b'"e"', b"'e'")
"""One of these is in every sheet that has a formula or an error. (A regular expression takes ten times as
long.)"""
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

_NO_RESULT = "Holds a formula whose result is not stored. Open the file, let it calculate, save it."


def unusable_cells(file: BinaryIO) -> dict[tuple[int, int], Fault]:
    """By line (from 1) and column (from 0), those of the first sheet.

    Raises Refused, and what zipfile and expat raise.
    """
    with zipfile.ZipFile(file) as archive:
        part = _first_sheet(archive)
        if part is None or not _has_any(archive, part):
            return {}
        return _Finder().of(archive, part)


def _first_sheet(archive: zipfile.ZipFile) -> str | None:
    """The name of the part that holds the first sheet; None for workbooks without XML."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat's own limits, in a process of its own
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    sheet = next((element for element in book.iter() if _local(element.tag) == "sheet"), None)
    if sheet is None:
        return None
    wanted = next((value for name, value in sheet.attrib.items() if _local(name) == "id"), "")
    for link in links.iter():
        if link.get("Id") == wanted:
            return posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
    return None


def _has_any(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as xml:
        tail = b""
        while piece := xml.read(_CHUNK):
            window = tail + piece
            if any(word in window for word in _SUSPECT):
                return True
            tail = piece[-4:]
    return False


def _local(name: str) -> str:
    return name.rpartition("}")[2]


class _Finder:
    """Walks through a sheet's XML."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], Fault] = {}
        self._line = 0
        self._column = -1
        self._type = ""
        self._has_formula = False
        self._in_value = False
        self._value = ""

    def of(self, archive: zipfile.ZipFile, part: str) -> dict[tuple[int, int], Fault]:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        with archive.open(part) as xml:
            while piece := xml.read(_CHUNK):
                parser.Parse(piece, False)
                if len(self._found) > MAX_FOUND:
                    raise Refused("import.no_results", f"More than {MAX_FOUND:,} cells show no result.")
            parser.Parse(b"", True)
        return self._found

    def _start(self, tag: str, attributes: dict[str, Any]) -> None:
        match _local(tag):
            case "row":
                self._line = int(attributes.get("r", self._line + 1))
                self._column = -1
            case "c":
                place = _REFERENCE.fullmatch(attributes.get("r", ""))
                self._column = _column(place[1]) if place else self._column + 1
                self._type = attributes.get("t", "n")
                self._has_formula, self._value = False, ""
            case "f":
                self._has_formula = True
            case "v" | "t":
                self._in_value = True

    def _end(self, tag: str) -> None:
        match _local(tag):
            case "v" | "t":
                self._in_value = False
            case "c":
                place = self._line, self._column
                if self._type == "e":
                    self._found[place] = Fault("", "cell.error", f"Shows the error {self._value[:20]}.")
                elif self._has_formula and not self._value and self._type != "str":
                    # A text may be empty; a number, a date or a truth value never is.
                    self._found[place] = Fault("", "cell.formula", _NO_RESULT)

    def _text(self, text: str) -> None:
        if self._in_value and len(self._value) < 20:
            self._value += text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
