"""Files become databases of members.

What is promised is in absolute terms, audited, on two cores that the clients use as well: the limit of each
figure is the promise itself, or the same work on less data.
"""

import json
import time
from itertools import islice
from typing import Any

import asyncpg

from benchmarks.figures import Figure, Target
from benchmarks.house import House
from benchmarks.member_databases import HEADER, MODULE, product, rows
from bff.calls import call
from bff.uploads.processing import CHUNK_ROWS
from db.session import Connection, Database

IMPORT_ROWS_A_SECOND = 12_000
LARGEST_CHUNK = 5_000
STAGED_AT_ONCE = 5_000


async def run(house: House, quick: bool) -> list[Figure]:
    """Two files; quick: a hundredth of the rows."""
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    pool = Database(house.bff_url(database), pool_size=1, statement_timeout=60)
    await pool.open()
    try:
        return await import_figures(house, admin, pool, 200 if quick else 20_000)
    finally:
        await pool.close()
        await admin.close()


async def import_figures(house: House, admin: asyncpg.Connection, pool: Database, small: int) -> list[Figure]:
    """Two files, the second ten times as long, into a product of their own."""
    product_id = await product(admin, house.org_id, "Imported")
    seconds = {}
    for count in (small, 10 * small):
        import_id = await stage(house, pool, product_id, count)
        started = time.perf_counter()
        await process_import(house, pool, import_id)
        seconds[count] = time.perf_counter() - started
    figures = [
        Figure(
            f"import of {count:,} members",
            count / taken,
            IMPORT_ROWS_A_SECOND,
            "per second",
            "rows from staged to done, audited; what is promised",
            Target("≥", 1),
        )
        for count, taken in seconds.items()
    ]
    return [
        *figures,
        Figure(
            "import of members, ten times the rows",
            1000 * seconds[10 * small],
            10_000 * seconds[small],
            "ms",
            f"{10 * small:,} rows; ten times what {small:,} rows took",
            Target("≤", 1.2),
        ),
    ]


async def stage(house: House, pool: Database, product_id: int, count: int) -> int:
    """An import with all its rows pending."""
    name = f"file{product_id}x{count}x"
    created = await _called(
        house,
        pool,
        "ingest_create_import",
        p_module="member_records",
        p_file_name=f"{name}.csv",
        p_mime_type="text/csv",
        p_size_bytes=1,
        p_sha256=name.encode().hex().rjust(64, "0"),
        p_bucket="import-files",
        p_path=f"benchmarks/{name}",
        p_header=list(HEADER),
        p_options=json.dumps({"record_module": MODULE, "product_id": product_id, "name": name}),
    )
    lines = rows(name, count)
    first = 2
    while part := [json.dumps(row) for row in islice(lines, STAGED_AT_ONCE)]:
        await _called(
            house,
            pool,
            "ingest_stage_rows",
            p_import_id=created["import_id"],
            p_row_nos=list(range(first, first + len(part))),
            p_rows=part,
            p_errors=[None] * len(part),
        )
        first += len(part)
    await _called(house, pool, "ingest_finish_staging", p_import_id=created["import_id"], p_total_rows=count)
    return int(created["import_id"])


async def process_import(house: House, pool: Database, import_id: int) -> None:
    """Chunk by chunk, each a transaction, in chunks that grow as the BFF's do."""
    limit = CHUNK_ROWS
    while True:
        state = await _called(
            house, pool, "process_import_member_records", p_import_id=import_id, p_limit=limit
        )
        if state["status"] == "completed":
            return
        if state["status"] != "processing":
            raise RuntimeError(f"the import ended as {state}")
        limit = min(2 * limit, LARGEST_CHUNK)


async def _called(house: House, pool: Database, function: str, **arguments: Any) -> Any:
    """The answer of an `api` function to the one who imports."""

    async def work(connection: Connection) -> Any:
        return json.loads((await call(connection, function, **arguments)).body)

    return await pool.run(house.importer.user_id, {}, work)
