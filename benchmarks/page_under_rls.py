"""A page of 50 leads among a million under row-level security, against the same SQL as the owner of the table.

Both sides have entered as the same person; the role alone differs, and with it whether the policies count. Two
statements: what GET /api/leads runs, and the plain select of an analyst who knows nothing of scopes.
"""

import statistics
import time
from uuid import UUID

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import OWNER, House
from benchmarks.million import fill

STATEMENTS = {
    "crm_list_leads": "select f.body::text from api.crm_list_leads(p_filters => '{}', p_limit => 50) as f(body)",
    "select from api.leads": "select * from api.leads order by created_at desc, lead_id desc limit 50",
}
TARGETS = {
    "all": Target("≤", 1.2, or_plus=0.2),
    "team": Target("≤", 1.2, or_plus=0.2),
    "own": Target("≤", 2.5),
}


async def run(house: House, quick: bool) -> list[Figure]:
    """Three scopes × two statements, each in milliseconds as its caller waits for it."""
    rounds, calls = (1, 3) if quick else (9, 30)
    await house.clone("million")
    admin = await asyncpg.connect(house.admin_url("million"))
    try:
        people = await fill(admin, house.org_id, 20_000 if quick else 1_000_000)
    finally:
        await admin.close()
    figures = []
    for statement in STATEMENTS:
        for scope, target in TARGETS.items():
            ours = await _entered(house.bff_url("million"), getattr(people, scope), "authenticated")
            limit = await _entered(house.admin_url("million"), getattr(people, scope), OWNER)
            milliseconds = await interleaved(
                rounds,
                lambda c=ours, s=STATEMENTS[statement]: _milliseconds(c, s, calls),
                lambda c=limit, s=STATEMENTS[statement]: _milliseconds(c, s, calls),
            )
            await ours.close()
            await limit.close()
            figures.append(
                Figure(
                    f"{statement}, scope {scope}",
                    *milliseconds,
                    "ms",
                    "a page of 50 as authenticated; the same SQL as the table's owner",
                    target,
                )
            )
    await house.drop("million")
    return figures


async def _entered(url: str, person: UUID, role: str) -> asyncpg.Connection:
    """A connection inside a transaction that has entered as `person` and goes on as `role`."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"begin read only; select app.enter('{person}'); set local role {role}")
    return connection


async def _milliseconds(connection: asyncpg.Connection, statement: str, calls: int) -> float:
    """The median of so many calls."""
    taken = []
    for _ in range(calls):
        started = time.perf_counter()
        await connection.fetch(statement)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000
