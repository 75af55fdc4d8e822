"""Imports are taken back, chunk by chunk."""

import asyncio
import json

import asyncpg

from bff.uploads.processing import PROCESS_SECONDS, SMALLEST_CHUNK
from bff.uploads.work import Work

CHUNK_ROWS = 500


async def undo(work: Work, import_id: int) -> str:
    """Undo chunks until all is undone or the time is over; how far it is then, as JSON text."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PROCESS_SECONDS
    rows = CHUNK_ROWS
    while True:
        try:
            done = await work.call("undo_import", p_import_id=import_id, p_limit=rows)
        except asyncpg.QueryCanceledError:
            if rows == SMALLEST_CHUNK:
                raise
            rows = SMALLEST_CHUNK
            continue
        if json.loads(done.body)["status"] == "undone" or loop.time() > end:
            return done.body
