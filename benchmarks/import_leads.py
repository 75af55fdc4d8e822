"""A file of leads from staged to done, against copying the rows that came of it.

For information: no speed is promised yet. What must hold is that ten times the rows take ten times as long.
"""

import json
import time
from itertools import islice
from typing import Any

from benchmarks.figures import Figure
from benchmarks.house import House
from benchmarks.leads import leads
from benchmarks.twin import Twins, copy
from bff.calls import call
from db.session import Connection, Database

CHUNK = 1_000
"""Rows for each call of process_import_leads, as POST /api/imports/{import_id}/process asks for."""


async def run(house: House, quick: bool) -> list[Figure]:
    """Two files, the second ten times as long; none of their companies is known."""
    small = 100 if quick else 2_000
    twins = await Twins.of(house)
    database = Database(house.bff_url(twins.real), pool_size=1, statement_timeout=60)
    await database.open()
    bare = await twins.owner_of_bare()
    figures, seconds = [], {}
    try:
        for rows in (small, 10 * small):
            staged = await _stage(database, house, rows)
            since = await twins.now()
            started = time.perf_counter()
            await _process(database, house, staged)
            seconds[rows] = time.perf_counter() - started
            files = await twins.copied(since)
            started = time.perf_counter()
            await copy(bare, files)
            figures.append(
                Figure(
                    f"import of {rows:,} leads",
                    rows / seconds[rows],
                    rows / (time.perf_counter() - started),
                    "per second",
                    "rows from staged to done; COPY of all that was written, without rules",
                )
            )
    finally:
        await database.close()
        await bare.close()
        await twins.close()
    return figures


async def _stage(database: Database, house: House, rows: int) -> int:
    """The import with all its rows pending."""
    batch = list(islice(leads(seed=rows), rows))

    async def stage(connection: Connection) -> int:
        created = await _called(
            connection,
            "ingest_create_import",
            p_module="leads",
            p_file_name="leads.csv",
            p_mime_type="text/csv",
            p_size_bytes=1,
            p_sha256=f"{rows:064x}",
            p_bucket="import-files",
            p_path=f"benchmarks/{rows}",
            p_header=list(batch[0]),
        )
        for first in range(0, rows, CHUNK):
            part = batch[first : first + CHUNK]
            await _called(
                connection,
                "ingest_stage_rows",
                p_import_id=created["import_id"],
                p_row_nos=list(range(first + 2, first + 2 + len(part))),
                p_rows=[json.dumps(row) for row in part],
                p_errors=[None] * len(part),
            )
        done = await _called(
            connection, "ingest_finish_staging", p_import_id=created["import_id"], p_total_rows=rows
        )
        return int(done["import_id"])

    return await database.run(house.importer.user_id, {}, stage)


async def _process(database: Database, house: House, import_id: int) -> None:
    """Chunk by chunk, each a transaction, until nothing is pending."""

    async def process(connection: Connection) -> Any:
        return await _called(connection, "process_import_leads", p_import_id=import_id, p_limit=CHUNK)

    while (state := await database.run(house.importer.user_id, {}, process))["status"] != "completed":
        if state["status"] != "processing":
            raise RuntimeError(f"the import ended as {state}")


async def _called(connection: Connection, function: str, **arguments: Any) -> Any:
    return json.loads((await call(connection, function, **arguments)).body)
