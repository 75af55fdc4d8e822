"""Events sent by the dispatcher, against marking the same rows with one bare update.

The dispatcher works in batches of its own size, each a transaction that also tells listeners; the limit is
one statement and one transaction for all rows. Nine of ten events are an import's.
"""

import time

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import House

BARE = "update app.outbox set sent_at = clock_timestamp() where sent_at is null"
FILL = """
    insert into app.outbox (org_id, topic, key, cache_tags)
    select
        $1,
        case when n % 10 > 0 then 'imports.row' else 'leads.created' end,
        n::text,
        case when n % 10 > 0 then array['imports'] else array['leads', 'customers', 'prospects'] end
    from generate_series(1, $2) n
"""


async def run(house: House, quick: bool) -> list[Figure]:
    """One figure: events per second."""
    rows, rounds = (2_000, 1) if quick else (100_000, 5)
    admin = await asyncpg.connect(house.admin_url(await house.clone()))

    async def refill() -> None:
        await admin.execute("truncate app.outbox")
        await admin.execute(FILL, house.org_id, rows)
        await admin.execute("vacuum analyze app.outbox")

    async def dispatched() -> float:
        await refill()
        await admin.execute("select app.take_lease('dispatcher', 'benchmark', 300)")
        started = time.perf_counter()
        sent = 0
        while batch := await admin.fetchval("select app.dispatch_outbox('benchmark')"):
            sent += batch
        taken = time.perf_counter() - started
        assert sent == rows
        return rows / taken

    async def marked() -> float:
        await refill()
        started = time.perf_counter()
        await admin.execute(BARE)
        return rows / (time.perf_counter() - started)

    try:
        ours, limit = await interleaved(rounds, dispatched, marked)
    finally:
        await admin.close()
    return [
        Figure(
            "outbox, events sent",
            ours,
            limit,
            "per second",
            "app.dispatch_outbox until nothing waits; one bare update of the same rows",
            Target("≥", 0.5),
        )
    ]
