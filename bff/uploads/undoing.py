"""Imports are taken back, chunk by chunk."""

import asyncio
import json

import asyncpg

from bff.uploads.processing import CHUNK_ROWS, PROCESS_SECONDS, SMALLEST_CHUNK, next_chunk
from bff.uploads.work import Work


async def undo(work: Work, import_id: int) -> str:
    """Undo chunks until all is undone or the time is over; how far it is then, as JSON text."""
    loop = asyncio.get_running_loop()
    now = loop.time()
    end = now + PROCESS_SECONDS
    rows = CHUNK_ROWS
    while True:
        try:
            done = await work.call("undo_import", p_import_id=import_id, p_limit=rows)
        except asyncpg.QueryCanceledError:
            if rows == SMALLEST_CHUNK:
                raise
            rows, now = SMALLEST_CHUNK, loop.time()
            continue
        started, now = now, loop.time()
        if json.loads(done.body)["status"] == "undone" or now > end:
            return done.body
        rows = next_chunk(rows, now - started)
