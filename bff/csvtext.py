"""Rows of text as CSV that any spreadsheet opens and none runs."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = b"\xef\xbb\xbf"
"""By which spreadsheets know UTF-8; once, before the first line."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a cell begins that a spreadsheet would run or misread."""


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Lines in UTF-8. A text that a spreadsheet would take for a formula begins with an apostrophe; numbers
    stay numbers, below zero too."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
