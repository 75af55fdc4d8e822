"""Due times of many tickets by working hours with holidays, against adding so many seconds to each.

Two periods a day, five days a week, fifty holidays, tickets opened in one year. Both compute and count;
neither writes.
"""

import time

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import House

CALENDAR = """
    select jsonb_build_object(
        'time_zone', 'Europe/Berlin',
        'periods', (
            select jsonb_agg(jsonb_build_object('weekday', d, 'opens', p.opens, 'closes', p.closes))
            from generate_series(1, 5) d
            cross join (values ('08:00', '12:00'), ('13:00', '17:30')) as p (opens, closes)
        ),
        'holidays', (
            select jsonb_agg(to_char(date '2030-01-03' + 7 * n, 'YYYY-MM-DD')) from generate_series(1, 50) n
        )
    )::text
"""
FILL = """
    insert into opened
    select timestamptz '2030-01-01' + n * interval '31 seconds' as at, (n % 40 + 1) * 3600::bigint as seconds
    from generate_series(1, $1::bigint) n
"""
OURS = """
    select count(d.due_at)
    from (select array_agg(at) as at, array_agg(seconds) as seconds from opened) o
    cross join lateral desk.business_deadlines($1::jsonb, o.at, o.seconds) d
"""
BARE = """
    select count(d.due_at)
    from (select array_agg(at) as at, array_agg(seconds) as seconds from opened) o
    cross join lateral (
        select x.at + x.seconds * interval '1 second' as due_at
        from unnest(o.at, o.seconds) as x (at, seconds)
    ) d
"""


async def run(house: House, quick: bool) -> list[Figure]:
    """One figure: due times per second. A million in ten seconds are 100,000."""
    rows, rounds = (10_000, 1) if quick else (1_000_000, 3)
    admin = await asyncpg.connect(house.admin_url(await house.clone()))
    calendar = await admin.fetchval(CALENDAR)
    await admin.execute("create temporary table opened (at timestamptz, seconds bigint)")
    await admin.execute(FILL, rows)

    async def timed(query: str, *arguments: object) -> float:
        started = time.perf_counter()
        assert await admin.fetchval(query, *arguments) == rows
        return rows / (time.perf_counter() - started)

    async def ours() -> float:
        return await timed(OURS, calendar)

    async def bare() -> float:
        return await timed(BARE)

    try:
        found, limit = await interleaved(rounds, ours, bare)
    finally:
        await admin.close()
    return [
        Figure(
            "due times, computed",
            found,
            limit,
            "per second",
            "by working hours with holidays; limit: adding the seconds to each",
            Target("≥", 0.05),
        )
    ]
