"""Approving a reservation whose customer others have in all three record modules, among few and many records.

What is promised is in absolute terms: the records that others have are found by an index of their own, are
flagged, logged, counted and audited, and their staff are told, in one transaction.
"""

import json
import statistics
import time
from typing import Any

import asyncpg

from benchmarks.figures import Figure, Target
from benchmarks.house import House
from benchmarks.member_databases import INDEXES, product
from bff.calls import call
from db.session import Connection, Database

APPROVE_MS = 50
MODULES = ("normal", "member_wd", "bonanza")


async def run(house: House, quick: bool) -> list[Figure]:
    """Approvals among few records that are with somebody, then among a hundred times as many."""
    small, large, rounds = (300, 3_000, 3) if quick else (10_000, 1_000_000, 40)
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    pool = Database(house.bff_url(database), pool_size=1, statement_timeout=60)
    await pool.open()
    try:
        taken = {}
        for count in (small, large):
            product_id = await product(admin, house.org_id, f"Reserved {count}")
            await fill(admin, house, product_id, f"r{count}x", count // len(MODULES))
            taken[count] = await approve(house, pool, product_id, f"r{count}x", rounds)
    finally:
        await pool.close()
        await admin.close()
    return [
        *(
            Figure(
                f"approve a reservation, {count:,} records with others",
                milliseconds,
                APPROVE_MS,
                "ms",
                "three conflicts, one in each module, flagged, logged and audited; what is promised",
                Target("≤", 1),
            )
            for count, milliseconds in taken.items()
        ),
        Figure(
            "approve a reservation, many and few records",
            taken[large],
            taken[small],
            "ms",
            f"among {large:,} records that are with somebody; among {small:,}",
            Target("≤", 1.5, or_plus=2),
        ),
    ]


async def fill(admin: asyncpg.Connection, house: House, product_id: int, name: str, records: int) -> None:
    """A database in each module with so many records, the same members in each, all with one staff."""
    staff = house.salespeople[1].user_id
    async with admin.transaction():
        await admin.execute("set local session_replication_role = replica")
        indexes = await admin.fetch(INDEXES)
        for index in indexes:
            await admin.execute(f"drop index {index['name']}")
        for module in MODULES:
            await admin.execute(_RECORDS, house.org_id, module, name, product_id, records, staff)
        for index in indexes:
            await admin.execute(index["definition"])
    await admin.execute("vacuum analyze members.records")


async def approve(house: House, pool: Database, product_id: int, name: str, rounds: int) -> float:
    """The median of the milliseconds it takes."""
    taken = []
    for number in range(1, rounds + 1):
        body = {"customer_id": f"{name}{number}", "product_id": product_id, "phone_number": "1"}
        asked = await _called(pool, house.salespeople[0].user_id, "members_reserve", payload=json.dumps(body))
        started = time.perf_counter()
        done = await _called(
            pool,
            house.importer.user_id,
            "members_approve_reservation",
            p_reservation_id=asked["reservation_id"],
        )
        taken.append(1000 * (time.perf_counter() - started))
        if done["invalidated_records"] != len(MODULES):
            raise RuntimeError(f"{done['invalidated_records']} records were flagged")
    return statistics.median(taken)


async def _called(pool: Database, who: Any, function: str, **arguments: Any) -> Any:
    async def work(connection: Connection) -> Any:
        return json.loads((await call(connection, function, **arguments)).body)

    return await pool.run(who, {}, work)


_RECORDS = """
    with made as (
        insert into members.databases (org_id, module, name, product_id, file_name, columns)
        values ($1, $2, $2 || $3::text, $4, 'f.csv', '{username,name,telpon}')
        returning database_id
    ),
    card as (
        insert into members.batches (org_id, module, database_id, staff_id, initial_count, created_at)
        select $1, $2, m.database_id, $6, $5::integer, now() from made m where $2 = 'member_wd'
        returning batch_id
    ),
    counted as (
        insert into members.record_counts (org_id, database_id, slot, assigned)
        select $1, m.database_id, 0, $5::integer from made m
    )
    insert into members.records (
        org_id, module, database_id, row_number, row_data, match_keys, status, batch_id, assigned_to,
        assigned_at
    )
    select
        $1, $2, m.database_id, n, jsonb_build_object('username', $3 || n),
        members.match_keys(array[$3 || n, 'Member Number ' || n, 'wa.me/62811' || $3 || n, $2 || $3 || n]),
        'assigned', (select c.batch_id from card c), $6, now()
    from made m, generate_series(1, $5::integer) n
"""
