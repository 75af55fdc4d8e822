"""Lists as files: `?format=csv` or `xlsx` of a list route, every row the caller sees, in constant memory.

The rows come from a view of `api` through a cursor, in one read-only transaction as the caller: row security
decides, and all rows are of one moment. SQL text is made of names in our own code; values are bound.
"""

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import asyncpg
import xlsxwriter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from bff.csvtext import BOM, csv_lines
from bff.models import Request as RequestModel
from bff.problems import FieldError, Problem, invalid
from bff.routing import Export, Route
from bff.services import Services, context_of, services_of
from db.session import Connection

Format = Literal["json", "csv", "xlsx"]
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
AT_ONCE = 2
"""Exports under way in a process: each holds a connection."""
PATIENCE = 60
"""Seconds for the next rows to be found, and for a client to take them."""
SHEET_ROWS = 1_048_575
CELL_LENGTH = 32_767
"""What a sheet holds, beside its header, and a cell."""
EXACT = 1e15
"""Beyond this a spreadsheet's numbers lose digits."""

_under_way = asyncio.Semaphore(AT_ONCE)
_Pieces = AsyncGenerator[list[asyncpg.Record], None]


class Selection(RequestModel):
    """What every list that can be exported is asked beside its own filters."""

    format: Annotated[
        Format, Field(description="csv and xlsx: all rows, whatever `limit` and `cursor` say.")
    ] = "json"
    fields: Annotated[
        str | None,
        Field(pattern=r"^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$", max_length=2000, description="Those alone."),
    ] = None


def fields_of(route: Route, selection: Selection) -> list[str] | None:
    """The fields that are wanted, in the order asked for; None: all. Raises Problem 422 for unknown ones."""
    if selection.fields is None:
        return None
    wanted = list(dict.fromkeys(selection.fields.split(",")))
    there = columns_of(route)
    if unknown := [name for name in wanted if name not in there]:
        message = f"There is no {', '.join(unknown)[:200]}; there are {', '.join(there)}."
        raise invalid(FieldError("fields", "export.fields.unknown", message))
    return wanted


def columns_of(route: Route) -> list[str]:
    """The fields of the items of a list."""
    assert route.answer is not None
    item: type[BaseModel] = get_args(route.answer.model_fields["items"].annotation)[0]
    return list(item.model_fields)


async def export(
    request: Request, route: Route, sub: UUID, selection: Selection, filters: Mapping[str, Any]
) -> Response:
    """The whole list as a file. Raises Problem 403, 422 (too long for a sheet), 503 (too many exports)."""
    table = route.export
    assert table is not None
    services = services_of(request)
    columns = fields_of(route, selection) or columns_of(route)
    refuse_if_busy()
    asked = {
        "fields": columns,
        "format": selection.format,
        "filters": {k: str(v) for k, v in filters.items()},
    }
    context = context_of(request)
    await services.database.run(
        sub,
        context,
        lambda c: c.fetchval(
            "select api.app_begin_export($1, $2, $3)",
            *(table.resource or table.view, table.action, json.dumps(asked)),
        ),
    )
    name = f"{table.view}-{datetime.now():%Y%m%d}.{selection.format}"  # noqa: DTZ005 - a name
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    media_type = MEDIA_TYPES[selection.format]
    if request.method == "HEAD":
        return Response(headers=headers, media_type=media_type)
    statement = _statement(route, columns, filters)
    rows = _rows(services, sub, context, statement, list(filters.values()), table.piece)
    write = _csv if selection.format == "csv" else _workbook
    pieces = write(columns, rows)
    # What goes wrong before the first row is a problem; what goes wrong later ends the answer early.
    first = await anext(pieces, b"")
    return _Download(_all(first, pieces), headers=headers, media_type=media_type)


def refuse_if_busy() -> None:
    """Raises Problem 503 `export.busy` when as many exports as this process takes are under way."""
    if _under_way.locked():
        message = "Too many exports are under way. Try again in a minute."
        raise Problem(503, "export.busy", message, headers={"Retry-After": "60"})


def _statement(route: Route, columns: Sequence[str], filters: Mapping[str, Any]) -> str:
    assert route.export is not None
    names = (*columns, route.export.view, *filters)
    if not all(name.isidentifier() for name in names):
        raise ValueError(f"not names: {names}")
    conditions = [route.export.where] if route.export.where else []
    conditions += [
        condition_of(route.export, name).format(f"${number}") for number, name in enumerate(filters, 1)
    ]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    listed = ", ".join(f"v.{name}" for name in columns)
    order = ", ".join(f"v.{part}" for part in route.export.order)
    return f"select {listed} from api.{route.export.view} v{where} order by {order}"  # noqa: S608 - names are our own


def condition_of(table: Export, name: str) -> str:
    """What a filter asks of a row `v`, `{}` being its value: `due_date_from` of the column due_date, from
    there on; `status` of the column status; or what the route table says."""
    if told := table.conditions.get(name):
        return f"v.{told}" if "{" in told else f"v.{told} {{}}"
    for ending, operator in (("_from", ">="), ("_to", "<=")):
        if name.endswith(ending):
            return f"v.{name.removesuffix(ending)} {operator} {{}}"
    return f"v.{name} = {{}}"


async def _rows(
    services: Services,
    sub: UUID,
    context: Mapping[str, str],
    statement: str,
    values: Sequence[Any],
    piece: int,
) -> _Pieces:
    """Pieces of the list, under one snapshot, as `sub`."""
    async with _slot(), services.replica.request(sub, context, read_only=True) as connection:
        # Sorting a million rows takes a disk; an index has them in order.
        await connection.execute(f"set local statement_timeout = '{PATIENCE}s'; set local enable_sort = off")
        async for found in _fetched(connection, statement, values, piece):
            yield found


async def _fetched(connection: Connection, statement: str, values: Sequence[Any], piece: int) -> _Pieces:
    cursor = await connection.cursor(statement, *values, timeout=PATIENCE)
    while found := await cursor.fetch(piece, timeout=PATIENCE):
        yield found


@asynccontextmanager
async def _slot() -> AsyncIterator[None]:
    async with _under_way:
        yield


async def _csv(columns: Sequence[str], rows: _Pieces) -> AsyncGenerator[bytes, None]:
    try:
        lines = BOM + csv_lines([columns])
        async for piece in rows:
            # With the first rows: until they are there, what goes wrong is a problem and not half a file.
            yield lines + await asyncio.to_thread(_lines, piece)
            lines = b""
        if lines:
            yield lines
    finally:
        await rows.aclose()


def _lines(piece: Sequence[asyncpg.Record]) -> bytes:
    return csv_lines([[_text(value) for value in row] for row in piece])


async def _workbook(columns: Sequence[str], rows: _Pieces) -> AsyncGenerator[bytes, None]:
    """The bytes of a workbook that was written to disk first: its directory stands at its end."""
    with tempfile.TemporaryDirectory(prefix="pgcrm-export-") as folder:
        path = Path(folder) / "export.xlsx"
        try:
            await _fill(path, folder, columns, rows)
        finally:
            await rows.aclose()
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, 1024 * 1024):
                yield piece


async def _fill(path: Path, folder: str, columns: Sequence[str], rows: _Pieces) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder})
    try:
        sheet = book.add_worksheet()
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name)
        line = 1
        async for piece in rows:
            if line + len(piece) > SHEET_ROWS + 1:
                message = f"A sheet holds {SHEET_ROWS:,} rows. Narrow the list down, or ask for csv."
                raise Problem(422, "export.too_long", message)
            await asyncio.to_thread(_put, sheet, line, piece)
            line += len(piece)
    finally:
        await asyncio.to_thread(book.close)


def _put(sheet: Any, line: int, piece: Sequence[asyncpg.Record]) -> None:
    for row_no, row in enumerate(piece, line):
        for column, value in enumerate(row):
            cell = _text(value)
            number = float(cell) if isinstance(cell, int | float | Decimal) else EXACT
            if abs(number) < EXACT:
                sheet.write_number(row_no, column, number)
            elif cell != "":
                # Never a formula, a link or a number, whatever it looks like.
                sheet.write_string(row_no, column, str(cell)[:CELL_LENGTH])


_TEXTS: dict[type, Callable[[Any], Any]] = {
    type(None): lambda value: "",
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: datetime.isoformat,
    UUID: str,
    list: lambda value: json.dumps(value, default=str, ensure_ascii=False),
}


def _text(value: Any) -> Any:
    """What stands in a cell: text, or a number."""
    convert = _TEXTS.get(type(value))
    return convert(value) if convert else value if isinstance(value, int | float | Decimal) else str(value)


async def _all(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()


class _Download(StreamingResponse):
    """A client that takes nothing for a while is left: it keeps a connection to the database from others."""

    def __init__(self, pieces: AsyncGenerator[bytes, None], **how: Any) -> None:
        super().__init__(pieces, **how)
        self._pieces = pieces

    async def stream_response(self, send: Send) -> None:
        async def within(message: Any) -> None:
            async with asyncio.timeout(PATIENCE):
                await send(message)

        try:
            await super().stream_response(within)
        finally:
            await self._pieces.aclose()
