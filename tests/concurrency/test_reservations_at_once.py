"""Several people who reserve, approve, move and end reservations while records are handed out."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers
from members import MODULE, Scene, assignment

from tests.support.people import People, Person


@pytest.fixture
async def scene(database: str, people: People) -> AsyncIterator[Scene]:
    found = await Scene.of(database, people["adm"].org_id)
    yield found
    await found.close()


async def outcome(caller: Caller, person: Person, function: str, **arguments: Any) -> str:
    """`done`, or the code of the refusal. Anything that is no refusal, a deadlock too, is raised."""
    try:
        await caller.call(person, function, **arguments)
    except asyncpg.PostgresError as error:
        if not str(error.sqlstate).startswith("PT4"):
            raise
        return str(error.hint)
    return "done"


def wanted(customer: str, product_id: int, staff: Person) -> str:
    return json.dumps({"customer_id": customer, "product_id": product_id, "staff_id": str(staff.user_id)})


async def test_of_eight_who_add_the_same_customer_one_gets_it(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Case 41, by real connections and in eight spellings."""
    product_id = await scene.product("Eight")
    names = ["Same", "same", "SAME", " same", "same ", "sAme", "saMe", "samE"]
    async with callers(bff_url, 8) as eight:
        for staff in (people["stf"], people["stf2"]):
            got = await at_once(
                *(
                    outcome(caller, people["adm"], "members_reserve", payload=wanted(name, product_id, staff))
                    for caller, name in zip(eight, names, strict=True)
                )
            )
            expected = ["done"] if staff is people["stf"] else []
            assert sorted(got) == sorted(expected + ["reservation.duplicate"] * (8 - len(expected)))
    found = await scene.fetch("select count(*) from members.reservations where product_id = $1", product_id)
    assert found == [(1,)]


async def test_of_eight_who_approve_one_reservation_one_does(
    bff_url: str, people: People, scene: Scene
) -> None:
    product_id = await scene.product("Approve")
    body = json.dumps({"customer_id": "one", "product_id": product_id, "phone_number": "1"})
    async with callers(bff_url, 8) as eight:
        made = json.loads(await eight[0].call(people["stf"], "members_reserve", payload=body))
        decide = ("members_approve_reservation", "members_reject_reservation")
        got = await at_once(
            *(
                outcome(caller, people["adm"], decide[n % 2], p_reservation_id=made["reservation_id"])
                for n, caller in enumerate(eight)
            )
        )
    assert sorted(got)[0] == "done"
    assert set(got[1:]) | set(got[:1]) <= {"done", "reservation.not_pending", "reservation.not_found"}
    assert got.count("done") == 1


async def test_whoever_has_a_reserved_customer_is_flagged_whatever_happens_at_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Handing out, recalling, reserving, moving and ending at once: in the end flags fit."""
    database_id = await scene.database("Flags", 400)
    product_id = await scene.product("Flags")
    staff = [people["stf"], people["stf2"], people["sp1"]]
    done = asyncio.Event()

    async def hand_out(caller: Caller, number: int) -> None:
        chance = random.Random(number)
        for _ in range(15):
            body = assignment(database_id, chance.choice(staff), chance.randrange(1, 12))
            await outcome(caller, people["mad"], "members_assign_random", p_module=MODULE, payload=body)

    async def recall(caller: Caller) -> None:
        while not done.is_set():
            mine = await caller.read(
                people["adm"],
                "select record_id from api.records where database_id = $1 and status = 'assigned'"
                " order by random() limit 10",
                database_id,
            )
            body = json.dumps({"record_ids": [row[0] for row in mine] or [1]})
            await outcome(caller, people["adm"], "members_recall", p_module=MODULE, payload=body)
            await asyncio.sleep(0.05)

    async def reserve(caller: Caller, number: int) -> None:
        chance = random.Random(number)
        for _ in range(25):
            body = wanted(f"Flags{chance.randrange(1, 401)}", product_id, chance.choice(staff))
            await outcome(caller, people["adm"], "members_reserve", payload=body)
            live = await caller.read(
                people["adm"],
                "select reservation_id from api.reservations where product_id = $1 order by random() limit 1",
                product_id,
            )
            if not live:
                continue
            if chance.random() < 0.5:
                body = json.dumps({"new_staff_id": str(chance.choice(staff).user_id)})
                move = {"p_reservation_id": live[0][0], "payload": body}
                await outcome(caller, people["adm"], "members_move_reservation", **move)
            else:
                gone = {"p_reservation_id": live[0][0]}
                await outcome(caller, people["adm"], "members_delete_reservation", **gone)

    async def crowd(seven: list[Caller]) -> None:
        await at_once(
            *(hand_out(caller, number) for number, caller in enumerate(seven[:3])),
            *(reserve(caller, number) for number, caller in enumerate(seven[3:6], 100)),
        )
        done.set()

    async with callers(bff_url, 8) as eight:
        await at_once(crowd(eight[:7]), recall(eight[7]))
        await scene.check(database_id, eight[0], people["adm"])
    assert await scene.fetch(_FLAGGED_WRONGLY, scene.org_id, database_id) == []
    assert await scene.fetch(_LOGGED_WRONGLY, scene.org_id, database_id) == []


_FLAGGED_WRONGLY = """
    select r.record_id, r.is_reservation_conflict
    from members.records r
    join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id
    where r.org_id = $1 and r.database_id = $2 and r.status = 'assigned'
      and r.is_reservation_conflict is distinct from exists (
          select
          from members.reservation_keys k
          join members.reservations w on w.org_id = k.org_id and w.reservation_id = k.reservation_id
          where k.org_id = r.org_id and k.product_id = d.product_id and k.key = any (r.match_keys)
            and k.is_approved and w.staff_id <> r.assigned_to
      )
"""

_LOGGED_WRONGLY = """
    select r.record_id
    from members.records r
    where r.org_id = $1 and r.database_id = $2
      and r.is_reservation_conflict is distinct from exists (
          select from members.conflicts c
          where c.org_id = r.org_id and c.record_id = r.record_id and c.restored_at is null
      )
"""
