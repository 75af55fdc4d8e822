"""Calls of `api` functions, and their answers as HTTP responses. JSON made by Postgres passes through."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bff import download_tokens, exports
from bff.models import Page
from bff.reading import object_of, path_of, query_of
from bff.routing import Route
from bff.services import caller_of, context_of, services_of
from db.session import Connection


@dataclass(frozen=True, slots=True)
class Result:
    """What an `api` function returned: JSON text, and whether it is the stored answer to a repeated request.

    Of a paged list `next` is taken out: JSON text of the position after the last item, or null.
    """

    body: str
    replayed: bool
    next: str | None = None


async def call(
    connection: Connection,
    function: str,
    *,
    paged: bool = False,
    fields: Sequence[str] | None = None,
    **arguments: Any,
) -> Result:
    """Call `api.<function>` with named arguments. Names come from our own code, values are bound.

    `fields`: of the items of a list these alone.
    """
    values = list(arguments.values())
    statement = _statement(function, tuple(arguments), paged, fields is not None)
    row = await connection.fetchrow(statement, *values, *(() if fields is None else (fields,)))
    return Result(row[0], row[1] == "true", row[2] if paged else None)


@lru_cache(maxsize=256)
def _statement(function: str, names: tuple[str, ...], paged: bool, picks: bool) -> str:
    if not all(name.isidentifier() for name in (function, *names)):
        raise ValueError(f"not a function with named parameters: {function}{names}")
    arguments = ", ".join(f"{name} => ${number}" for number, name in enumerate(names, 1))
    columns = "f.body::text, current_setting('pgcrm.replayed', true)"
    if paged:
        columns = "(f.body - 'next')::text, null::text, nullif(f.body -> 'next', 'null'::jsonb)::text"
    source = f"api.{function}({arguments})"
    if picks:
        source = f"app.pick_fields({source}, ${len(names) + 1})"
    return f"select {columns} from {source} as f(body)"  # noqa: S608 - names are our own


async def handle(request: Request, route: Route) -> Response:
    """What a route with a function does: check the request, call the function, pass the answer on."""
    assert route.function is not None
    services = services_of(request)
    linked = download_tokens.by_token(request, route)
    sub = await (download_tokens.person_of(request) if linked else caller_of(request))
    arguments: dict[str, Any] = {f"p_{name}": value for name, value in route.fixed.items()}
    if route.path_model is not None:
        arguments |= {f"p_{name}": value for name, value in path_of(request, route.path_model)}
    selection, apart = exports.Selection(), exports.Selection.model_fields if route.export else ()
    if route.export is not None:
        selection = query_of(request, exports.Selection, only=apart) or selection
    query = query_of(request, route.query, apart=(*apart, download_tokens.PARAMETER) if linked else apart)
    filters: dict[str, Any] = {}
    if query is not None:
        if selection.format != "json":
            chosen = query.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
            return await exports.export(request, route, sub, selection, chosen)
        filters = query.model_dump(mode="json", exclude={"limit", "cursor"})
        if route.filters_as_object:
            filters = {name: value for name, value in filters.items() if value is not None}
            arguments["p_filters"] = json.dumps(filters)
        else:
            # As they are, not as JSON: a date is bound as a date.
            arguments |= {f"p_{name}": getattr(query, name) for name in filters}
    if isinstance(query, Page):
        arguments["p_limit"] = query.limit
        arguments["p_after"] = query.cursor and services.cursors.read(query.cursor, request.url.path, filters)
    if route.body is not None:
        arguments["payload"], _ = await object_of(request)

    fields = exports.fields_of(route, selection)
    reads = route.method == "GET"
    database = services.replica if reads else services.database
    result = await database.run(
        sub,
        context_of(request, idempotent=not reads),
        lambda connection: call(
            connection, route.function or "", paged=isinstance(query, Page), fields=fields, **arguments
        ),
        read_only=reads,
    )
    body = result.body
    if isinstance(query, Page):
        cursor = result.next and services.cursors.sign(result.next, request.url.path, filters)
        body = f'{body[:-1]}, "next": {json.dumps(cursor)}}}'
    return answer(request, body, route.status, replayed=result.replayed)


def answer(request: Request, body: str, status: int = 200, *, replayed: bool = False) -> Response:
    """JSON text as a response. A GET carries an ETag of its body, and is 304 when the client has that."""
    content = body.encode()
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    if request.method in ("GET", "HEAD"):
        etag = f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
        if _has(request.headers.get("if-none-match"), etag):
            return Response(None, 304, headers)
    return Response(content, status, headers, "application/json")


def _has(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    known = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in known or "*" in known
