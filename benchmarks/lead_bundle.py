"""Creating a lead with customer, contact, keys, prospect, audit and events, against only storing the rows."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from secrets import token_hex

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import House
from benchmarks.leads import payloads
from benchmarks.twin import Bundle, Twins, insert, insert_at_once
from bff.calls import call
from db.session import Connection, Database


async def run(house: House, quick: bool) -> list[Figure]:
    """One connection, then eight in one organisation, each with a person of its own."""
    rounds, bundles = (1, 16) if quick else (7, 300)
    return [
        *await _figures(house, 1, rounds, bundles, Target("≥", 0.3)),
        *await _figures(house, 8, rounds, 2 * bundles, Target("≥", 0.12)),
    ]


async def _figures(house: House, connections: int, rounds: int, bundles: int, target: Target) -> list[Figure]:
    twins = await Twins.of(house)
    database = Database(house.bff_url(twins.real), pool_size=connections)
    await database.open()
    bare = [await twins.owner_of_bare() for _ in range(connections)]
    bodies = payloads(seed=connections)
    written: list[Bundle] = []

    async def ours() -> float:
        since = await twins.now()
        batch = list(islice(bodies, bundles))
        seconds = await _create(database, house, connections, batch)
        written[:] = await twins.bundles(since)
        if len(written) != bundles:
            raise RuntimeError(f"{bundles} bundles were created in {len(written)} transactions")
        return bundles / seconds

    # Each row is written once more and no oftener: the two ways without rules share them.
    async def limit() -> float:
        return bundles / 2 / await _insert(bare, written[: bundles // 2], insert)

    async def limit_at_once() -> float:
        return bundles / 2 / await _insert(bare, written[bundles // 2 :], insert_at_once)

    try:
        rate, plain, at_once = await interleaved(rounds, ours, limit, limit_at_once)
        await twins.check()
    finally:
        await database.close()
        await asyncio.gather(*(connection.close() for connection in bare))
        await twins.close()
    name = f"lead bundle, {connections} connection{'s, one organisation' * (connections > 1)}"
    what = "api.crm_create_lead_bundle through app.enter; the rows it wrote, inserted without rules"
    return [
        Figure(name, rate, plain, "per second", f"{what}, a statement for each table", target),
        Figure(f"{name}, tighter limit", rate, at_once, "per second", f"{what}, all tables in one statement"),
    ]


async def _create(database: Database, house: House, connections: int, bodies: Sequence[str]) -> float:
    """Seconds to create one bundle of each body, by the BFF's own path below HTTP."""

    async def work(position: int, mine: Iterator[str]) -> None:
        person = house.salespeople[position]
        for body in mine:
            context = {
                "request_id": token_hex(16),
                "ip": "203.0.113.7",
                "user_agent": "Mozilla/5.0 (X11; Linux x86_64) benchmark",
                "idempotency_key": token_hex(16),
            }

            async def create(connection: Connection, payload: str = body) -> object:
                return await call(connection, "crm_create_lead_bundle", payload=payload)

            await database.run(person.user_id, context, create)

    shared = iter(bodies)
    started = time.perf_counter()
    await asyncio.gather(*(work(position, shared) for position in range(connections)))
    return time.perf_counter() - started


async def _insert(
    connections: Sequence[asyncpg.Connection], bundles: Sequence[Bundle], way: Callable[..., Awaitable[None]]
) -> float:
    """Seconds to write the bundles."""

    async def work(connection: asyncpg.Connection, mine: Iterator[Bundle]) -> None:
        for bundle in mine:
            await way(connection, bundle)

    shared = iter(bundles)
    started = time.perf_counter()
    await asyncio.gather(*(work(connection, shared) for connection in connections))
    return time.perf_counter() - started
