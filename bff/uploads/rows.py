"""What every kind of file is turned into: a header, and batches of rows as JSON text with their errors.

Also used by the process that reads spreadsheets, so it imports little.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import orjson

MAX_CELL = 1024 * 1024
"""Characters of the largest cell."""
MAX_COLUMNS = 500
BATCH_ROWS = 10_000
BATCH_CHARACTERS = 4 * 1024 * 1024
EXTRA_CELLS = "_extra"
"""Key under which the cells that a row has too many are kept."""
RAW = "_raw"
"""Key under which the beginning of a line that cannot be read as cells is kept."""
KEPT = 1000
"""Characters that are kept of what is too long or cannot be read."""

_NO_NUL = "\ufffd"
"""Stands in stored text for NUL, which Postgres cannot store."""


class Refused(Exception):  # noqa: N818 - says what happened
    """A fault of the file as a whole, with HTTP status, stable code and words for people."""

    def __init__(self, code: str, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class Fault(NamedTuple):
    """What is wrong with a row; `column` is the name in the header, or empty for the row as a whole."""

    column: str
    code: str
    message: str


@dataclass(slots=True)
class Batch:
    """Rows side by side: the line each starts on (from 1), a JSON object, a JSON list of errors or None."""

    row_nos: list[int] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    errors: list[str | None] = field(default_factory=list)
    characters: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= BATCH_ROWS or self.characters >= BATCH_CHARACTERS

    def add(self, row_no: int, data: Mapping[str, Any], faults: Sequence[Fault] = ()) -> None:
        """One more row."""
        text = orjson.dumps(data).decode()
        self.row_nos.append(row_no)
        self.rows.append(text)
        self.characters += len(text)
        self.errors.append(_as_json(faults) if faults else None)


class Source(Protocol):
    """An uploaded file that can be staged."""

    @property
    def header(self) -> list[str]:
        """The names of the columns, as in the file but for blanks around them."""

    @property
    def details(self) -> Mapping[str, str]:
        """How the file is read: encoding and delimiter, or sheet."""

    def batches(self, digit_columns: Collection[str]) -> Iterator[Batch]:
        """The rows, once. In `digit_columns` a cell that is stored as a number is an error of its row."""

    def close(self) -> None:
        """Let go of whatever is held; the file itself stays open."""


def header_of(cells: Sequence[str]) -> list[str]:
    """The names of the columns. Nameless columns are allowed at the end, where spreadsheets leave them.

    Raises Refused: import.no_header, import.too_many_columns, import.blank_header, import.duplicate_header.
    """
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Refused("import.no_header", "The first line must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise Refused("import.too_many_columns", f"More than {MAX_COLUMNS} columns.")
    if "\0" in "".join(names):
        raise Refused("import.no_header", "The header contains the character NUL.")
    if "" in names:
        raise Refused("import.blank_header", f"Column {names.index('') + 1} has no name.")
    folded = [name.casefold() for name in names]
    for position, name in enumerate(folded):
        if name in folded[:position]:
            raise Refused("import.duplicate_header", f"The column {names[position]!r} is there twice.")
    return names


def checked(
    names: Sequence[str], width: int, cells: Sequence[str], found: Sequence[Fault] = ()
) -> tuple[dict[str, Any], list[Fault]]:
    """A row as it is stored; `found` and all else that is wrong with it. `width`: cells of the header."""
    faults = list(found)
    kept = list(cells)
    for position, cell in enumerate(kept):
        column = names[position] if position < len(names) else ""
        if "\0" in cell:
            faults.append(Fault(column, "cell.nul", "Contains the character NUL."))
            kept[position] = cell = cell.replace("\0", _NO_NUL)
        if len(cell) > MAX_CELL:
            faults.append(Fault(column, "cell.too_long", f"Longer than {MAX_CELL} characters."))
            kept[position] = cell[:KEPT]
    data: dict[str, Any] = dict(zip(names, kept, strict=False))
    extra = kept[len(names) :]
    if len(cells) > width or any(cell.strip() for cell in extra):
        data[EXTRA_CELLS] = extra
        faults.append(_count("row.too_long", len(cells), len(names)))
    elif len(cells) < len(names):
        faults.append(_count("row.too_short", len(cells), len(names)))
    return data, faults


def unreadable(raw: str, why: str) -> tuple[dict[str, Any], list[Fault]]:
    """A line that cannot be read as cells, as it is stored."""
    kept = raw.rstrip("\r\n")[:KEPT].replace("\0", _NO_NUL)
    return {RAW: kept}, [Fault("", "row.unreadable", f"This row cannot be read: {why}.")]


def _count(code: str, found: int, expected: int) -> Fault:
    return Fault("", code, f"The row has {found} cells, the header has {expected}.")


def _as_json(faults: Sequence[Fault]) -> str:
    return orjson.dumps(
        [{"field": f.column or None, "code": f.code, "message": f.message} for f in faults]
    ).decode()
