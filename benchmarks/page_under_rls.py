"""A page of 50 leads among a million under row-level security, against the same SQL as the table's owner.

Both sides have entered as the same person; the role alone differs, and with it whether the policies count.
Two statements: what GET /api/leads runs, and the plain select of an analyst who knows nothing of scopes. The
latter is promised for scope `all` only: where few rows are the reader's, a policy alone has to look for them.
"""

import statistics
import time
from functools import partial
from uuid import UUID

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import OWNER, House
from benchmarks.million import fill

LIST = "crm_list_leads"
PLAIN = "select from api.leads"
STATEMENTS = {
    LIST: "select f.body::text from api.crm_list_leads(p_limit => 50) as f(body)",
    PLAIN: "select * from api.leads order by created_at desc, lead_id desc limit 50",
}
TARGETS = {
    "all": Target("≤", 1.2, or_plus=0.2),
    "team": Target("≤", 1.2, or_plus=0.2),
    "own": Target("≤", 2.5),
}


async def run(house: House, quick: bool) -> list[Figure]:
    """Two statements in three scopes, each in milliseconds as its caller waits for it."""
    rounds, calls = (1, 3) if quick else (9, 30)
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    try:
        people = await fill(admin, house.org_id, 20_000 if quick else 1_000_000)
    finally:
        await admin.close()
    figures = []
    for statement, text in STATEMENTS.items():
        for scope, target in TARGETS.items():
            ours = await _entered(house.bff_url(database), getattr(people, scope), "authenticated")
            limit = await _entered(house.admin_url(database), getattr(people, scope), OWNER)
            taken = await interleaved(
                rounds, *(partial(_milliseconds, side, text, calls) for side in (ours, limit))
            )
            await ours.close()
            await limit.close()
            figures.append(
                Figure(
                    f"{statement}, scope {scope}",
                    taken[0],
                    taken[1],
                    "ms",
                    "a page of 50 as authenticated; the same SQL as the table's owner",
                    target if statement == LIST or scope == "all" else None,
                )
            )
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
