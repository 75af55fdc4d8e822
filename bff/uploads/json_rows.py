"""Rows that are sent as JSON: they become the file that they could have come in, and go its way.

So lines, errors, repetition and undo are those of a CSV file, which is stored as well.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from itertools import islice
from typing import Annotated, Any

from anyio.to_thread import run_sync
from pydantic import Field, WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.requests import Request

from bff import models
from bff.csvtext import BOM
from bff.problems import FieldError, Problem, invalid
from bff.reading import MAX_FAULTS, media_type_of, object_of, path_to, validated
from bff.routing import JSON, MULTIPART
from bff.uploads.forms import form_of
from bff.uploads.rows import MAX_COLUMNS, Refused, header_of

MAX_ROWS = 5_000

_ROW = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": MAX_COLUMNS,
    "additionalProperties": {"type": ["string", "number", "null"]},
}


class RowsToImport(models.Request):
    rows: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            max_length=MAX_ROWS,
            description="Column to cell: what a file would have in its header and in a line. "
            "Numbers count as they are written; null is a blank cell.",
        ),
        WithJsonSchema({"type": "array", "minItems": 1, "maxItems": MAX_ROWS, "items": _ROW}),
    ]


@asynccontextmanager
async def file_or_rows(request: Request, columns: Sequence[str]) -> AsyncIterator[UploadFile]:
    """The file of a form, or one that is made of `RowsToImport`; gone when the block ends.

    In a made file these columns stand first and others follow by name: a JSON object has no order, so the
    same rows are the same file. Raises Problem 400, 408, 415, 422.
    """
    match media_type_of(request):
        case "multipart/form-data":
            async with form_of(request, required=()) as form:
                yield form.file
        case "application/json":
            _, body = await object_of(request, exact=True)
            text = await run_sync(_as_csv, validated(RowsToImport, body).rows, columns)
            yield UploadFile(io.BytesIO(text), size=len(text), filename="rows.csv")
        case _:
            raise Problem(415, "request.media_type", f"Send a file as {MULTIPART}, or rows as {JSON}.")


def _as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """The rows as they stand, every cell in quotes: nothing in them is taken for a separator."""
    if faults := list(islice(_faults(rows), MAX_FAULTS)):
        raise invalid(*faults)
    places = {name: place for place, name in enumerate(columns)}
    names = sorted({name for row in rows for name in row}, key=lambda n: (places.get(n, len(places)), n))
    try:
        header_of(names)
    except Refused as fault:
        raise invalid(FieldError("rows", fault.code, fault.message)) from None
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows([_text(row.get(name)) for name in names] for row in rows)
    return BOM + text.getvalue().encode()


def _faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[FieldError]:
    for number, row in enumerate(rows):
        if not any(_text(cell).strip() for cell in row.values()):
            # A file has no such row: a blank line is none.
            yield FieldError(path_to(("rows", number)), "import.row.blank", "Has no value.")
        for name, cell in row.items():
            if not name.strip():
                yield FieldError(path_to(("rows", number)), "import.blank_header", "A column has no name.")
            if isinstance(cell, bool | dict | list):
                message = "Must be a text, a number or null."
                yield FieldError(path_to(("rows", number, name)), "request.scalar", message)


def _text(cell: Any) -> str:
    """A cell as a file has it. A number has no exponent there."""
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
