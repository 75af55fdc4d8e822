"""The member module's main job: a file becomes records, records are handed out, invalid ones are replaced.

What is promised is in absolute terms, audited, on two cores that the clients use as well: the limit of each
figure is the promise itself, or the same work on less data.
"""

import asyncio
import json
import statistics
import time
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.figures import Figure, Target
from benchmarks.house import House
from benchmarks.member_databases import HEADER, MODULE, fill, product, reserve, rows
from bff.calls import call
from bff.uploads.processing import CHUNK_ROWS
from db.session import Connection, Database

IMPORT_ROWS_A_SECOND = 12_000
ASSIGNMENTS_A_SECOND = 300
PROCESS_MS = 300
CLIENTS = 8
QUANTITY = 50
INVALID = 1_000
LARGEST_CHUNK = 5_000
STAGED_AT_ONCE = 5_000


async def run(house: House, quick: bool) -> list[Figure]:
    """Three jobs, each in a database of its own state; quick: a thousandth of the data."""
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    pool = Database(house.bff_url(database), pool_size=CLIENTS, statement_timeout=60)
    await pool.open()
    try:
        return [
            *await import_figures(house, admin, pool, 200 if quick else 20_000),
            *await handing_out_figures(house, admin, pool, quick),
        ]
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


async def handing_out_figures(
    house: House, admin: asyncpg.Connection, pool: Database, quick: bool
) -> list[Figure]:
    """Assigning from a large database, and processing invalid records in a small and in the large one."""
    small, large = (5_000, 10_000) if quick else (10_000, 1_000_000)
    rounds, seconds, invalid = (1, 0.5, 50) if quick else (5, 8.0, INVALID)
    product_id = await product(admin, house.org_id, "Played")
    small_id = await fill(admin, house.org_id, "small", product_id, small)
    # Both among as many others: what differs is the database itself.
    in_small = await process_invalid(house, pool, small_id, invalid, rounds)
    large_id = await fill(admin, house.org_id, "large", product_id, large)
    await reserve(admin, house.org_id, "large", product_id, large)
    in_large = await process_invalid(house, pool, large_id, invalid, rounds)
    rate = await assign(house, pool, large_id, 1 if quick else QUANTITY, seconds)
    return [
        Figure(
            f"assign {QUANTITY} of {large:,}, {CLIENTS} clients",
            rate,
            ASSIGNMENTS_A_SECOND,
            "per second",
            "api.members_assign_random with exact counts, audited; what is promised",
            Target("≥", 1),
        ),
        *(
            Figure(
                f"process {invalid:,} invalid of {count:,}",
                taken,
                PROCESS_MS,
                "ms",
                "api.process_invalid_batch, audited; what is promised",
                Target("≤", 1),
            )
            for count, taken in ((small, in_small), (large, in_large))
        ),
        Figure(
            "process invalid, large and small database",
            in_large,
            in_small,
            "ms",
            f"of {large:,} records; of {small:,}",
            Target("≤", 1.5),
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


async def assign(house: House, pool: Database, database_id: int, quantity: int, seconds: float) -> float:
    """Assignments a second, by all clients together."""
    done = 0
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await _assign(house, pool, database_id, house.salespeople[number].user_id, quantity)
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return done / (time.perf_counter() - started)


async def process_invalid(house: House, pool: Database, database_id: int, invalid: int, rounds: int) -> float:
    """The median of the milliseconds it takes to archive and replace so many records of one staff."""
    taken = []
    staff = house.salespeople[0].user_id
    await _assign(house, pool, database_id, staff, invalid)
    for _ in range(rounds):
        await pool.run(staff, {}, lambda connection: _mark(connection, database_id))
        started = time.perf_counter()
        answer = await _called(house, pool, "process_invalid_batch", p_staff_id=staff)
        taken.append(1000 * (time.perf_counter() - started))
        if answer["new_assigned_count"] != invalid:
            raise RuntimeError(f"{answer['new_assigned_count']} of {invalid} were replaced")
    return statistics.median(taken)


async def _assign(house: House, pool: Database, database_id: int, staff: UUID, quantity: int) -> Any:
    body = {"database_id": database_id, "staff_id": str(staff), "quantity": quantity}
    return await _called(house, pool, "members_assign_random", p_module=MODULE, payload=json.dumps(body))


async def _mark(connection: Connection, database_id: int) -> None:
    """Mark all that the caller has of a database invalid, a thousand at a time."""
    ids = [
        row[0]
        for row in await connection.fetch(
            "select record_id from api.records where database_id = $1 and status = 'assigned'", database_id
        )
    ]
    for first in range(0, len(ids), 1000):
        body = json.dumps({"record_ids": ids[first : first + 1000], "is_valid": False})
        await call(connection, "members_validate", p_module=MODULE, payload=body)


async def _called(house: House, pool: Database, function: str, **arguments: Any) -> Any:
    """The answer of an `api` function to the one who imports and hands out."""

    async def work(connection: Connection) -> Any:
        return json.loads((await call(connection, function, **arguments)).body)

    return await pool.run(house.importer.user_id, {}, work)
