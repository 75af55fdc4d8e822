"""Stored files, for whoever may see the row they belong to."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bff.calls import call
from bff.models import FilePath
from bff.problems import Problem
from bff.reading import path_of, query_of
from bff.services import caller_of, context_of, services_of
from bff.storage.errors import ObjectMissing


async def download(request: Request) -> Response:
    """GET /api/files/{file_id}: asks SQL who may, then streams, without holding a connection."""
    services = services_of(request)
    sub = await caller_of(request)
    file_id = path_of(request, FilePath).file_id
    query_of(request, None)
    found = await services.replica.run(
        sub, context_of(request), lambda c: call(c, "app_get_file", p_file_id=file_id), read_only=True
    )
    file = json.loads(found.body)
    pieces = services.storage.open(file["bucket"], file["path"])
    try:
        first = await anext(pieces, b"")
    except ObjectMissing:
        raise Problem(404, "file.gone", "The file's bytes are no longer stored.") from None
    headers = {
        "Content-Length": str(file["size_bytes"]),
        "Content-Disposition": disposition(file["file_name"]),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(joined(first, pieces), headers=headers, media_type=file["mime_type"])


def disposition(name: str) -> str:
    """Content-Disposition of a download (RFC 6266): a plain name for old clients, the true one beside it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


async def joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One stream of both."""
    yield first
    async for piece in rest:
        yield piece
