"""Eight connections do everything there is with members of all three modules, all at once, for a while.

Nobody meets a deadlock, and at the end every promise holds. `PGCRM_LONG=1`: for a minute.
"""

import asyncio
import json
import os
import random
from typing import Any

import asyncpg
import psycopg
from callers import Caller, at_once, callers
from members import Scene

from tests.support.member_promises import broken_promises
from tests.support.people import People, Person

SECONDS = 60 if os.environ.get("PGCRM_LONG") else 4
MODULES = ("normal", "member_wd", "bonanza")
STAFF = ("stf", "stf2", "sp1")
ADMINS = ("adm", "mad", "sa")


class Worker:
    """Somebody who does one thing after the other, at random, until the time is over."""

    def __init__(self, caller: Caller, people: People, seed: int, databases: dict[str, list[int]]) -> None:
        self.caller = caller
        self.people = people
        self.chance = random.Random(seed)
        self.databases = databases
        self.done: dict[str, int] = {}

    async def work(self, until: float) -> None:
        ways = [
            self.hand_out, self.hand_out, self.hand_out_chosen, self.decide, self.validate, self.validate,
            self.process, self.recall, self.restore, self.reserve, self.change_reservation, self.mark,
            self.switch,
        ]  # fmt: skip
        while asyncio.get_running_loop().time() < until:
            await self.chance.choice(ways)()

    async def call(self, who: Person, function: str, **arguments: Any) -> None:
        """A refusal is an answer; anything else that goes wrong is raised."""
        try:
            await self.caller.call(who, function, **arguments)
            self.done[function] = self.done.get(function, 0) + 1
        except asyncpg.PostgresError as error:
            if not str(error.sqlstate).startswith("PT4"):
                raise AssertionError(f"{function}: {error.sqlstate} {error}") from error

    @property
    def admin(self) -> Person:
        return self.people[self.chance.choice(ADMINS)]

    @property
    def staff(self) -> Person:
        return self.people[self.chance.choice(STAFF)]

    async def some(self, query: str, *values: Any) -> list[int]:
        found = await self.caller.read(self.people["adm"], f"{query} order by random() limit 6", *values)
        return [row[0] for row in found]

    async def records(self, module: str, status: str, staff: Person | None = None) -> list[int]:
        return await self.some(
            "select record_id from api.records"
            " where module = $1 and status = $2 and ($3::uuid is null or assigned_to = $3)",
            module, status, staff and staff.user_id,
        )  # fmt: skip

    async def hand_out(self) -> None:
        module, staff = self.chance.choice(MODULES), self.staff
        database_id, count = self.chance.choice(self.databases[module]), self.chance.randrange(1, 12)
        if module == "normal":
            wish = {"database_id": database_id, "record_count": count}
            await self.call(staff, "members_request_records", payload=json.dumps(wish))
        else:
            wanted = {"database_id": database_id, "staff_id": str(staff.user_id), "quantity": count}
            await self.call(self.admin, "members_assign_random", p_module=module, payload=json.dumps(wanted))

    async def hand_out_chosen(self) -> None:
        module = self.chance.choice(MODULES[1:])
        if ids := await self.records(module, "available"):
            wanted = {"record_ids": ids, "staff_id": str(self.staff.user_id)}
            await self.call(self.admin, "members_assign_records", p_module=module, payload=json.dumps(wanted))

    async def decide(self) -> None:
        if ids := await self.some("select request_id from api.download_requests where status = 'pending'"):
            verdict = self.chance.choice(["approve", "approve", "reject"])
            if self.chance.random() < 0.5:
                await self.call(self.admin, f"members_{verdict}_request", p_request_id=ids[0])
            else:
                wanted = json.dumps({"request_ids": ids})
                await self.call(self.admin, f"members_{verdict}_requests", payload=wanted)

    async def validate(self) -> None:
        module, staff = self.chance.choice(MODULES), self.staff
        if ids := await self.records(module, "assigned", staff):
            wanted = {"record_ids": ids, "is_valid": self.chance.random() < 0.2}
            await self.call(staff, "members_validate", p_module=module, payload=json.dumps(wanted))

    async def process(self) -> None:
        module, replace = self.chance.choice(MODULES), self.chance.random() < 0.8
        await self.call(
            self.admin,
            "process_invalid_batch",
            p_staff_id=self.staff.user_id,
            p_module=module,
            p_replace=replace,
        )

    async def recall(self) -> None:
        module = self.chance.choice(MODULES)
        if ids := await self.records(module, "assigned"):
            payload = json.dumps({"record_ids": ids})
            await self.call(self.admin, "members_recall", p_module=module, payload=payload)

    async def restore(self) -> None:
        module = self.chance.choice(MODULES)
        if ids := await self.records(module, "invalid_archived"):
            function = self.chance.choice(["members_restore", "members_restore", "members_delete_archived"])
            await self.call(
                self.admin, function, p_module=module, payload=json.dumps({"record_ids": ids[:2]})
            )

    async def mark(self) -> None:
        staff = self.staff
        if ids := await self.records("normal", "assigned", staff):
            wanted = {
                "record_ids": ids,
                "whatsapp_status": self.chance.choice(["ada", "ceklis1", "tidak", None]),
            }
            await self.call(staff, "members_set_statuses", payload=json.dumps(wanted))

    async def reserve(self) -> None:
        products = await self.some("select product_id from api.products")
        wanted = {
            "customer_id": f"C{self.chance.randrange(1, 60)}",
            "product_id": products[0],
            "phone_number": "0812",
        }
        if self.chance.random() < 0.7:
            admin = {**wanted, "staff_id": str(self.staff.user_id)}
            await self.call(self.admin, "members_reserve", payload=json.dumps(admin))
        else:
            await self.call(self.staff, "members_reserve", payload=json.dumps(wanted))

    async def change_reservation(self) -> None:
        found = await self.caller.read(
            self.people["adm"],
            "select reservation_id, status from api.reservations order by random() limit 1",
        )
        for reservation_id, status in found:
            if status == "pending":
                verdict = self.chance.choice(["approve", "approve", "reject"])
                await self.call(self.admin, f"members_{verdict}_reservation", p_reservation_id=reservation_id)
            elif self.chance.random() < 0.5:
                wanted = json.dumps({"new_staff_id": str(self.staff.user_id)})
                await self.call(
                    self.admin, "members_move_reservation", p_reservation_id=reservation_id, payload=wanted
                )
            else:
                await self.call(self.admin, "members_delete_reservation", p_reservation_id=reservation_id)

    async def switch(self) -> None:
        """Seldom: everybody would wait for the one row of a setting."""
        if self.chance.random() < 0.1:
            wanted = {"auto_replace_invalid": self.chance.random() < 0.7}
            module = self.chance.choice(MODULES)
            await self.call(self.admin, "members_set_settings", p_module=module, payload=json.dumps(wanted))
            enabled = json.dumps({"enabled": self.chance.random() < 0.5})
            await self.call(self.admin, "members_set_request_settings", payload=enabled)


async def test_eight_people_do_everything_at_once(bff_url: str, database: str, people: People) -> None:
    scene = await Scene.of(database, people["adm"].org_id)
    # A storm is more than ten bulk calls a minute.
    await scene.fetch(
        "insert into app.settings (org_id, key, value) values ($1, 'bulk_calls_per_minute', '600')",
        scene.org_id,
    )
    databases: dict[str, list[int]] = {module: [] for module in MODULES}
    for module in MODULES:
        # The same members in all of them, as files of several products have them.
        for product in ("Storm P1", "Storm P2"):
            found = await scene.fetch(DATABASE, scene.org_id, await scene.product(product), module)
            databases[module].append(int(found[0][0]))
    await scene.close()

    async with callers(bff_url, 8) as connections:
        workers = [Worker(caller, people, seed, databases) for seed, caller in enumerate(connections)]
        until = asyncio.get_running_loop().time() + SECONDS
        await at_once(*(worker.work(until) for worker in workers))

    total: dict[str, int] = {}
    for worker in workers:
        for function, count in worker.done.items():
            total[function] = total.get(function, 0) + count
    for function in ("members_assign_random", "members_request_records", "members_validate",
                     "process_invalid_batch", "members_recall", "members_reserve",
                     "members_set_statuses"):  # fmt: skip
        assert total.get(function, 0) > 0, f"{function} was never done: {total}"
    with psycopg.connect(database) as connection:
        connection.execute("select app.enter(%s)", [people["adm"].user_id])
        assert broken_promises(connection, people["adm"].org_id) == []


DATABASE = """
    with made as (
        insert into members.databases (org_id, module, name, product_id, file_name, columns)
        values ($1, $3::text, 'storm ' || $3::text, $2, 'f.csv', '{username}')
        returning org_id, database_id, module
    ),
    filled as (
        insert into members.records (
            org_id, module, database_id, row_number, row_data, customer_id, match_keys
        )
        select m.org_id, m.module, m.database_id, n, jsonb_build_object('username', 'c' || n), 'c' || n,
            members.match_keys(array['c' || n])
        from made m
        cross join generate_series(1, 120) n
    )
    select database_id from made
"""
