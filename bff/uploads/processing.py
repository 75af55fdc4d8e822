"""Rows become what they are of, chunk by chunk, by the module's own function."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import asyncpg

from bff.problems import Problem
from bff.uploads.staging import stage_again
from bff.uploads.work import Work

PROCESSORS = (
    "process_import_leads",
    "process_import_customers",
    "process_import_contacts",
    "process_import_invoices",
    "process_import_payments",
    "process_import_marketing_spend",
    "process_import_marketing_activities",
    "process_import_kpi_entries",
    "process_import_member_records",
)
"""`process_import_<module>` of every module whose rows can be processed."""

CHUNK_ROWS = 500
"""Rows of the first chunk; the following ones are as large as fits CHUNK_SECONDS."""
CHUNK_SECONDS = 1.0
SMALLEST_CHUNK = 50
"""What is tried when a chunk takes longer than the database allows a statement."""
PROCESS_SECONDS = 20.0
"""How long one call of `process` works before it answers with what is done so far."""


def next_chunk(rows: int, seconds: float) -> int:
    """How many rows the chunk after one of `rows`, which took so long, is to have."""
    return max(SMALLEST_CHUNK, min(2 * rows, 5_000, round(rows * CHUNK_SECONDS / seconds)))


def function_of(found: Mapping[str, Any]) -> str:
    """What processes the rows of an import. Raises Problem 409 where nothing does."""
    function = f"process_import_{found['module']}"
    if function not in PROCESSORS:
        raise Problem(409, "import.module_unsupported", "Rows of this module cannot be processed here.")
    return function


async def process(work: Work, import_id: int) -> str:
    """Process chunks until the import is closed or the time is over; the import then, as JSON text."""
    found = json.loads((await work.call("ingest_get_import", p_import_id=import_id)).body)
    if found["status"] == "staging":
        await stage_again(work, found)
    function = function_of(found)
    loop = asyncio.get_running_loop()
    now = loop.time()
    end = now + PROCESS_SECONDS
    rows = CHUNK_ROWS
    while True:
        try:
            done = await work.call(function, p_import_id=import_id, p_limit=rows)
        except asyncpg.QueryCanceledError:
            if rows == SMALLEST_CHUNK:
                raise
            rows, now = SMALLEST_CHUNK, loop.time()
            continue
        started, now = now, loop.time()
        if json.loads(done.body)["status"] not in ("uploaded", "processing") or now > end:
            return done.body
        rows = next_chunk(rows, now - started)
