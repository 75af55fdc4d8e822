"""Creating a lead with its customer, contact, keys, prospect, audit and events, against only storing the rows."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from secrets import token_hex

import asyncpg

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import House
from benchmarks.leads import payloads
from benchmarks.twin import Bundle, Twins, insert
from bff.calls import call
from db.session import Connection, Database


async def run(house: House, quick: bool) -> list[Figure]:
    """One connection, then eight in one organisation, each with a person of its own."""
    rounds, bundles = (1, 16) if quick else (7, 400)
    return [
        await _figure(house, 1, rounds, bundles, Target("≥", 0.3)),
        await _figure(house, 8, rounds, 2 * bundles, Target("≥", 0.12)),
    ]


async def _figure(house: House, connections: int, rounds: int, bundles: int, target: Target) -> Figure:
    twins = await Twins.of(house)
    database = Database(house.bff_url("real"), pool_size=connections)
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

    async def limit() -> float:
        return bundles / await _insert(bare, written)

    try:
        ours_rate, limit_rate = await interleaved(rounds, ours, limit)
        await twins.check()
    finally:
        await database.close()
        await asyncio.gather(*(connection.close() for connection in bare))
        await twins.close()
    plural = "connection" if connections == 1 else "connections, one organisation"
    return Figure(
        f"lead bundle, {connections} {plural}",
        ours_rate,
        limit_rate,
        "per second",
        "api.crm_create_lead_bundle through app.enter; the rows it wrote, inserted without rules",
        target,
    )


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


async def _insert(connections: Sequence[asyncpg.Connection], bundles: Sequence[Bundle]) -> float:
    """Seconds to write the bundles."""

    async def work(connection: asyncpg.Connection, mine: Iterator[Bundle]) -> None:
        for bundle in mine:
            await insert(connection, bundle)

    shared = iter(bundles)
    started = time.perf_counter()
    await asyncio.gather(*(work(connection, shared) for connection in connections))
    return time.perf_counter() - started
