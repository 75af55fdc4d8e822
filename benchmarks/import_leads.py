"""A file of leads from staged to done: how fast, and as fast at the end of a long one as of a short one."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from benchmarks.figures import Figure, Target
from benchmarks.house import House
from benchmarks.leads import leads
from benchmarks.twin import Twins, copy
from bff.calls import call
from bff.uploads.processing import CHUNK_ROWS, CHUNK_SECONDS
from db.session import Connection, Database

PROMISED = 5_000
"""Rows per second: each a customer, contact, prospect, stage and lead, all audited."""

BATCH = 2_000
"""Rows for each call of ingest_stage_rows."""


async def run(house: House, quick: bool) -> list[Figure]:
    """Two files, the second ten times as long; none of their companies is known."""
    short = 200 if quick else 20_000
    twins = await Twins.of(house)
    database = Database(house.bff_url(twins.real), pool_size=1, statement_timeout=60)
    await database.open()
    bare = await twins.owner_of_bare()
    try:
        await _take(database, house, short // 10)  # what a server does for the first time
        since = await twins.now()
        seconds = await _take(database, house, short)
        files = await twins.copied(since)
        started = time.perf_counter()
        await copy(bare, files)
        copied = time.perf_counter() - started
        long_seconds = await _take(database, house, 10 * short)
    finally:
        await database.close()
        await bare.close()
        await twins.close()
    promise = "rows from staged to done, the promised speed"
    return [
        Figure(
            f"import of {short:,} leads, against COPY",
            short / seconds,
            short / copied,
            "per second",
            "rows from staged to done; COPY of all that was written, without rules",
        ),
        Figure(
            f"import of {short:,} leads", short / seconds, PROMISED, "per second", promise, Target("≥", 1)
        ),
        Figure(
            f"import of {10 * short:,} leads",
            10 * short / long_seconds,
            PROMISED,
            "per second",
            promise,
            Target("≥", 1),
        ),
        Figure(
            f"import of {10 * short:,} leads, against {short:,}",
            1000 * long_seconds,
            1000 * seconds,
            "ms",
            "the time of ten times the rows; the time of the rows",
            Target("≤", 12),
        ),
    ]


async def _take(database: Database, house: House, rows: int) -> float:
    """Seconds from staged to done of a new file."""
    import_id = await stage(database, house, "leads", leads(seed=rows), rows)
    return await process(database, house, "leads", import_id)


async def stage(
    database: Database,
    house: House,
    module: str,
    cells: Iterator[dict[str, str]],
    rows: int,
    **options: Any,
) -> int:
    """The import of a file of so many rows, all pending. `options`: further arguments of its creation."""
    batch = list(islice(cells, min(BATCH, rows)))
    created = await _called(
        database,
        house,
        "ingest_create_import",
        p_module=module,
        p_file_name=f"{module}.csv",
        p_mime_type="text/csv",
        p_size_bytes=1,
        p_sha256=f"{rows:064x}",
        p_bucket="import-files",
        p_path=f"benchmarks/{rows}",
        p_header=list(batch[0]),
        **options,
    )
    staged = 0
    while batch:
        await _stage_batch(database, house, created["import_id"], staged + 2, batch)
        staged += len(batch)
        batch = list(islice(cells, min(BATCH, rows - staged)))
    await _called(
        database, house, "ingest_finish_staging", p_import_id=created["import_id"], p_total_rows=rows
    )
    return int(created["import_id"])


async def _stage_batch(
    database: Database, house: House, import_id: int, line: int, batch: Sequence[dict[str, str]]
) -> None:
    await _called(
        database,
        house,
        "ingest_stage_rows",
        p_import_id=import_id,
        p_row_nos=list(range(line, line + len(batch))),
        p_rows=[json.dumps(row) for row in batch],
        p_errors=[None] * len(batch),
    )


async def process(database: Database, house: House, module: str, import_id: int) -> float:
    """Seconds until nothing is pending: a transaction for each chunk, as large as the BFF makes them."""
    begun = asyncio.get_running_loop().time()
    now, rows = begun, CHUNK_ROWS
    while True:
        state = await _called(
            database, house, f"process_import_{module}", p_import_id=import_id, p_limit=rows
        )
        started, now = now, asyncio.get_running_loop().time()
        if state["status"] != "processing":
            break
        rows = min(2 * rows, 5_000, round(rows * CHUNK_SECONDS / (now - started)))
    if state["success_rows"] != state["total_rows"]:
        raise RuntimeError(f"the import ended as {state}")
    return now - begun


async def _called(database: Database, house: House, function: str, **arguments: Any) -> Any:
    """The answer of an `api` function, called in a transaction of its own."""

    async def work(connection: Connection) -> Any:
        return json.loads((await call(connection, function, **arguments)).body)

    return await database.run(house.importer.user_id, {}, work)
