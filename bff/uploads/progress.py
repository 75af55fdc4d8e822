"""How an import gets on, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

import asyncpg
from sse_starlette import EventSourceResponse, ServerSentEvent

from bff.uploads.work import Work
from db.session import DatabaseUnavailable

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15
SEND_SECONDS = 30
"""How long a client may take nothing before it counts as gone."""
_CLOSED = ("completed", "failed")


async def progress(work: Work, import_id: int) -> EventSourceResponse:
    """`event: progress` with the import at once and after each change, `event: done` when it is closed.

    Each look is a transaction of its own as the person, so no connection is held in between, and the stream
    ends when the person may no longer see the import, or the token would have run out. Raises what
    `ingest_get_import` raises.
    """
    first = await _look(work, import_id)
    return EventSourceResponse(
        _events(work, import_id, first), ping=HEARTBEAT_SECONDS, send_timeout=SEND_SECONDS
    )


async def _events(work: Work, import_id: int, body: str) -> AsyncIterator[ServerSentEvent]:
    loop = asyncio.get_running_loop()
    end = loop.time() + work.services.settings.access_token_seconds
    yield ServerSentEvent(body, event="progress")
    while json.loads(body)["status"] not in _CLOSED:
        await asyncio.sleep(POLL_SECONDS)
        if loop.time() > end:
            return
        before = body
        try:
            body = await _look(work, import_id)
        except DatabaseUnavailable:
            continue
        except asyncpg.PostgresError as error:
            if str(error.sqlstate).startswith("PT4"):
                return
            continue
        if body != before:
            yield ServerSentEvent(body, event="progress")
    yield ServerSentEvent(body, event="done")


async def _look(work: Work, import_id: int) -> str:
    return (await work.call("ingest_get_import", read_only=True, p_import_id=import_id)).body
