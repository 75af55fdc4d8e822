"""What people do with records of members, in calls of the BFF's own kind, and how long it takes them."""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from benchmarks.house import House
from benchmarks.member_databases import MODULE
from bff.calls import call
from db.session import Connection, Database


@dataclass(frozen=True)
class Work:
    house: House
    pool: Database

    async def called(self, who: UUID, function: str, **arguments: Any) -> Any:
        """The answer of an `api` function."""

        async def work(connection: Connection) -> Any:
            return json.loads((await call(connection, function, **arguments)).body)

        return await self.pool.run(who, {}, work)

    async def timed(self, who: UUID, function: str, **arguments: Any) -> float:
        """Milliseconds until the answer is there, as text."""
        started = time.perf_counter()
        await self.pool.run(who, {}, lambda connection: call(connection, function, **arguments))
        return 1000 * (time.perf_counter() - started)

    async def assign(self, database_id: int, staff: UUID, quantity: int) -> float:
        """Milliseconds."""
        body = {"database_id": database_id, "staff_id": str(staff), "quantity": quantity}
        return await self.timed(
            self.house.importer.user_id, "members_assign_random", p_module=MODULE, payload=json.dumps(body)
        )

    async def assignments_a_second(
        self, database_id: int, quantity: int, clients: int, seconds: float
    ) -> float:
        """By all clients together, each for a staff of its own; by connections that know the way already."""

        async def client(number: int, until: float) -> int:
            done = 0
            while time.perf_counter() < until:
                await self.assign(database_id, self.house.salespeople[number].user_id, quantity)
                done += 1
            return done

        async def together(seconds: float) -> float:
            started = time.perf_counter()
            done = await asyncio.gather(*(client(number, started + seconds) for number in range(clients)))
            return sum(done) / (time.perf_counter() - started)

        # A new connection plans each statement five times before it keeps a plan.
        await together(seconds / 8)
        return await together(seconds)

    async def process_invalid(self, database_id: int, staff: UUID, invalid: int, rounds: int) -> float:
        """The median of the milliseconds it takes to archive and replace so many records of a staff."""
        taken = []
        await self.assign(database_id, staff, invalid)
        for _ in range(rounds):
            await self.pool.run(staff, {}, lambda connection: _mark(connection, database_id))
            started = time.perf_counter()
            answer = await self.called(self.house.importer.user_id, "process_invalid_batch", p_staff_id=staff)
            taken.append(1000 * (time.perf_counter() - started))
            if answer["new_assigned_count"] != invalid:
                raise RuntimeError(f"{answer['new_assigned_count']} of {invalid} were replaced")
        return statistics.median(taken)

    async def cards_page(self, staff: UUID, cards: int, calls: int) -> float:
        """The 95th percentile of the milliseconds in which a staff has the page of so many cards."""
        page = await self.called(staff, "members_staff_batches", p_module=MODULE)
        if len(page["items"]) != cards:
            raise RuntimeError(f"{len(page['items'])} of {cards} cards")
        taken = [
            await self.timed(staff, "members_staff_batches", p_module=MODULE) for _ in range(max(calls, 2))
        ]
        return statistics.quantiles(taken, n=20, method="inclusive")[-1]

    async def counts(self, database_id: int, product_id: int, rounds: int) -> tuple[float, float]:
        """The median of the milliseconds of a database's counts after a new reservation, and with none."""
        admin = self.house.importer.user_id
        anew: list[float] = []
        again: list[float] = []
        for number in range(rounds):
            body = {
                "customer_ids": [f"unheard of {number}"],
                "product_id": product_id,
                "staff_id": str(self.house.salespeople[0].user_id),
            }
            await self.called(admin, "members_reserve_many", payload=json.dumps(body))
            for taken in (anew, again):
                taken.append(
                    await self.timed(
                        admin, "members_get_database", p_module=MODULE, p_database_id=database_id
                    )
                )
                # Whoever hands out records leaves the number of the reserved ones for those who ask next.
                await self.assign(database_id, self.house.salespeople[0].user_id, 1)
        return statistics.median(anew), statistics.median(again)


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
