"""Approving a reservation whose customer others have in all three record modules.

The records that others have are found by an index of their own, are flagged, logged, counted and audited, and
their staff are told, in one transaction.
"""

import json
import statistics
import time

import asyncpg

from benchmarks.house import House
from benchmarks.member_work import Work

MODULES = ("normal", "member_wd", "bonanza")


async def fill(admin: asyncpg.Connection, house: House, product_id: int, name: str, records: int) -> None:
    """A database in each module with a third of so many records, of the same members, all with one staff.

    Within `without_indexes`.
    """
    staff = house.salespeople[1].user_id
    for module in MODULES:
        await admin.execute(_RECORDS, house.org_id, module, name, product_id, records // len(MODULES), staff)


async def approve(work: Work, product_id: int, name: str, rounds: int) -> float:
    """The median of the milliseconds it takes."""
    taken = []
    for number in range(1, rounds + 1):
        body = {"customer_id": f"{name}{number}", "product_id": product_id, "phone_number": "1"}
        asked = await work.called(
            work.house.salespeople[0].user_id, "members_reserve", payload=json.dumps(body)
        )
        started = time.perf_counter()
        done = await work.called(
            work.house.importer.user_id,
            "members_approve_reservation",
            p_reservation_id=asked["reservation_id"],
        )
        taken.append(1000 * (time.perf_counter() - started))
        if done["invalidated_records"] != len(MODULES):
            raise RuntimeError(f"{done['invalidated_records']} records were flagged")
    return statistics.median(taken)


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
    ),
    written as (
        insert into members.records (
            org_id, module, database_id, row_number, row_data, match_keys, status, batch_id, assigned_to,
            assigned_at
        )
        select
            $1, $2, m.database_id, n, jsonb_build_object('username', $3 || n),
            members.match_keys(
                array[$3 || n, 'Member Number ' || n, 'wa.me/62811' || $3 || n, $2 || $3 || n]
            ),
            'assigned', (select c.batch_id from card c), $6, now()
        from made m, generate_series(1, $5::integer) n
        returning org_id, database_id, record_id, match_keys
    )
    insert into members.record_keys (org_id, database_id, record_id, match_keys)
    select w.org_id, w.database_id, w.record_id, w.match_keys from written w order by w.record_id
"""
