"""Several admins and staff at work on the same member databases at the same moment."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers
from members import MODULE, Scene, assignment, member, register

from tests.support.people import People, Person

ADMINS = ("adm", "mad", "sa")


@pytest.fixture
async def scene(database: str, people: People) -> AsyncIterator[Scene]:
    found = await Scene.of(database, people["adm"].org_id)
    yield found
    await found.close()


def admin_of(people: People, number: int) -> Person:
    return people[ADMINS[number % len(ADMINS)]]


async def refused(caller: Caller, person: Person, function: str, **arguments: Any) -> str | None:
    """Code and message of the refusal, None when there was none. Anything that is no refusal is raised."""
    try:
        await caller.call(person, function, **arguments)
    except asyncpg.PostgresError as error:
        if not str(error.sqlstate).startswith("PT4"):
            raise
        return f"{error.hint}: {error.args[0].splitlines()[0]}"
    return None


async def test_eight_admins_assign_while_customers_are_reserved_and_records_recalled(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Issue 3: no record twice, none reserved, counts exact at the end; and nobody meets a deadlock."""
    database_id = await scene.database("Crowd", 3000)
    staff = [people["stf"], people["stf2"], people["sp1"]]
    admins_done = asyncio.Event()
    at_approval: dict[str, set[int]] = {}

    async def assign(caller: Caller, number: int) -> None:
        chance = random.Random(number)
        admin = admin_of(people, number)
        for _ in range(12):
            person = chance.choice(staff)
            if chance.random() < 0.5:
                arguments = assignment(database_id, person, chance.randrange(1, 25))
                await caller.call(admin, "members_assign_random", p_module=MODULE, payload=arguments)
                continue
            wanted = await caller.read(
                admin,
                "select record_id from api.records where database_id = $1 and status = 'available'"
                " order by random() limit 10",
                database_id,
            )
            body = {"record_ids": [row[0] for row in wanted], "staff_id": str(person.user_id)}
            await refused(caller, admin, "members_assign_records", p_module=MODULE, payload=json.dumps(body))

    async def recall(caller: Caller) -> None:
        while not admins_done.is_set():
            wanted = await caller.read(
                people["adm"],
                "select record_id from api.records where database_id = $1 and status = 'assigned'"
                " order by random() limit 8",
                database_id,
            )
            body = json.dumps({"record_ids": [row[0] for row in wanted]})
            await refused(caller, people["adm"], "members_recall", p_module=MODULE, payload=body)

    async def reserve(number: int) -> None:
        chance = random.Random(number)
        # On a slow machine time would be enough to reserve them all: then nothing is left to assign.
        while not admins_done.is_set() and len(at_approval) < 400:
            customer = f"Crowd{1 + len(at_approval)}"
            at_approval[customer] = set()
            at_approval[customer] = await scene.approve(
                customer, people["stf"], chance.choice(["Crowd", "Elsewhere"]), pending_first=number == 0
            )
            await asyncio.sleep(0.005)

    async def all_admins(connections: list[Caller]) -> None:
        try:
            await at_once(*(assign(caller, number) for number, caller in enumerate(connections)))
        finally:
            admins_done.set()

    await scene.product("Elsewhere")
    async with callers(bff_url, 10) as connections:
        await at_once(all_admins(connections[:8]), recall(connections[8]), reserve(0), reserve(1))
        await scene.check(database_id, connections[9], people["adm"])

    assert len(at_approval) > 10, "reservations were approved meanwhile"
    for customer, before in at_approval.items():
        assert await scene.assignments_of(customer) <= before, f"{customer} was handed out though reserved"
    ((assigned, ended),) = await scene.fetch(
        "select count(*) filter (where ended_at is null), count(*) filter (where outcome = 'recalled')"
        " from members.assignments where database_id = $1",
        database_id,
    )
    assert assigned > 100
    assert ended > 10


@pytest.mark.parametrize("attempt", range(4))
async def test_of_eight_who_ask_for_more_than_there_is_seven_get_theirs(
    bff_url: str, people: People, scene: Scene, attempt: int
) -> None:
    """Case 82 at once: all or nothing for each, and the refusal says how many are left, exactly."""
    database_id = await scene.database(f"Short{attempt}_", 8 * 50 - 10 + 3)
    for number in range(3):
        await scene.approve(
            f"short{attempt}_{number + 1}", people["stf2"], f"Short{attempt}_", pending_first=False
        )
    body = assignment(database_id, people["stf"], 50)
    async with callers(bff_url, 8) as connections:
        ends = await at_once(
            *(
                refused(c, admin_of(people, n), "members_assign_random", p_module=MODULE, payload=body)
                for n, c in enumerate(connections)
            )
        )
        await scene.check(database_id, connections[0], people["adm"])
    assert [end for end in ends if end] == [
        "records.too_few_eligible: Only 40 records of this database are eligible."
    ]
    assert await scene.fetch(
        "select initial_count, count(*) from members.batches where database_id = $1 group by 1", database_id
    ) == [(50, 7)]


async def test_the_last_records_are_taken_at_random_and_by_hand_at_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Whoever waits for the last ones waits for those who chose some by hand, never both ways."""
    databases = [await scene.database(f"Last{n}_", 60) for n in range(2)]

    async def at_random(caller: Caller, number: int) -> None:
        chance = random.Random(number)
        for _ in range(12):
            body = assignment(chance.choice(databases), people["stf"], 40)
            await refused(
                caller, admin_of(people, number), "members_assign_random", p_module=MODULE, payload=body
            )

    async def by_hand(caller: Caller, number: int) -> None:
        chance = random.Random(100 + number)
        admin = admin_of(people, number)
        for _ in range(12):
            ids = [row[0] for row in await scene_ids(caller, admin, databases, chance.choice(["", " desc"]))]
            body = {"record_ids": ids[:30], "staff_id": str(people["stf2"].user_id)}
            await refused(caller, admin, "members_assign_records", p_module=MODULE, payload=json.dumps(body))

    async def recall(caller: Caller) -> None:
        for _ in range(20):
            ids = await caller.read(
                people["mad"],
                "select record_id from api.records where database_id = any ($1) and status = 'assigned'"
                " order by random() limit 60",
                databases,
            )
            body = json.dumps({"record_ids": [row[0] for row in ids]})
            await refused(caller, people["mad"], "members_recall", p_module=MODULE, payload=body)

    async with callers(bff_url, 9) as connections:
        await at_once(
            *(at_random(caller, number) for number, caller in enumerate(connections[:4])),
            *(by_hand(caller, number) for number, caller in enumerate(connections[4:8])),
            recall(connections[8]),
        )
        for database_id in databases:
            await scene.check(database_id, connections[0], people["adm"])


async def scene_ids(caller: Caller, admin: Person, databases: list[int], order: str) -> list[Any]:
    """Available records of all the databases, shuffled by where they came from."""
    return await caller.read(
        admin,
        "select record_id from api.records where database_id = any ($1) and status = 'available'"
        f" order by record_id % 7, record_id{order}",
        databases,
    )


async def give(caller: Caller, people: People, database_id: int, quantity: int) -> list[int]:
    """Records handed to `stf` as one batch; their ids."""
    answer = await caller.call(
        people["adm"],
        "members_assign_random",
        p_module=MODULE,
        payload=assignment(database_id, people["stf"], quantity),
    )
    found = await caller.read(
        people["adm"],
        "select record_id from api.records where batch_id = $1 order by 1",
        json.loads(answer)["batch_id"],
    )
    return [row[0] for row in found]


def verdict(record_ids: list[int], *, is_valid: bool) -> str:
    return json.dumps({"record_ids": record_ids, "is_valid": is_valid})


async def test_invalid_records_processed_twice_at_once_are_replaced_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    databases = [await scene.database(f"Twice{n}_", 200) for n in range(3)]
    async with callers(bff_url, 2) as connections:
        caller = connections[0]
        for database_id in databases:
            ids = await give(caller, people, database_id, 40)
            await caller.call(
                people["stf"], "members_validate", p_module=MODULE, payload=verdict(ids[:15], is_valid=False)
            )
        ends = await at_once(
            *(
                refused(c, admin_of(people, n), "process_invalid_batch", p_staff_id=people["stf"].user_id)
                for n, c in enumerate(connections)
            )
        )
        for database_id in databases:
            await scene.check(database_id, caller, people["adm"])
    assert sorted(end is None for end in ends) == [False, True]
    assert "records.none_invalid" in str(ends)
    assert (
        await scene.fetch(
            "select count(*) filter (where outcome = 'archived'), count(*) filter (where is_replacement),"
            " count(distinct replaces_assignment_id), count(*) filter (where ended_at is null)"
            " from members.assignments where database_id = any ($1) group by database_id",
            databases,
        )
        == [(15, 15, 15, 40)] * 3
    )


async def test_records_marked_invalid_in_two_tabs_never_exceed_the_quota(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Auto-replace replaces ten of a batch, however many tabs mark its records at once."""
    database_id = await scene.database("Tabs", 200)
    settings = {"auto_replace_invalid": True, "max_replacements_per_batch": 10}
    async with callers(bff_url, 4) as connections:
        await connections[0].call(
            people["mad"], "members_set_settings", p_module=MODULE, payload=json.dumps(settings)
        )
        ids = await give(connections[0], people, database_id, 40)
        answers = await at_once(
            *(
                tab.call(
                    people["stf"],
                    "members_validate",
                    p_module=MODULE,
                    # Each tab marks some that the next one marks as well.
                    payload=verdict(ids[8 * number : 8 * number + 12], is_valid=False),
                )
                for number, tab in enumerate(connections)
            )
        )
        await connections[0].call(
            people["mad"],
            "members_set_settings",
            p_module=MODULE,
            payload=json.dumps(settings | {"auto_replace_invalid": False}),
        )
        await scene.check(database_id, connections[0], people["adm"])
    assert sum(json.loads(answer)["auto_replaced"] for answer in answers) == 10
    assert await scene.fetch(
        "select count(*) filter (where is_replacement), count(*) filter (where ended_at is null)"
        " from members.assignments where database_id = $1",
        database_id,
    ) == [(10, 40)]


async def test_one_key_from_eight_connections_has_one_effect(
    bff_url: str, people: People, scene: Scene
) -> None:
    database_id = await scene.database("Once", 100)
    body = assignment(database_id, people["stf"], 10)
    async with callers(bff_url, 8) as connections:
        answers = await at_once(
            *(
                c.call(people["adm"], "members_assign_random", key="once", p_module=MODULE, payload=body)
                for c in connections
            )
        )
        await scene.check(database_id, connections[0], people["adm"])
    assert len(set(answers)) == 1
    assert await scene.fetch(
        "select count(*) from members.assignments where database_id = $1", database_id
    ) == [(10,)]


async def test_a_batch_whose_two_halves_are_recalled_at_once_is_closed(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Each of the two leaves records behind, both together do not."""
    async with callers(bff_url, 2) as connections:
        for attempt in range(10):
            database_id = await scene.database(f"Halves{attempt}_", 20)
            ids = await give(connections[0], people, database_id, 20)
            halves = (ids[:10], ids[10:])
            await at_once(
                *(
                    c.call(
                        people["adm"],
                        "members_recall",
                        p_module=MODULE,
                        payload=json.dumps({"record_ids": half}),
                    )
                    for c, half in zip(connections, halves, strict=True)
                )
            )
            await scene.check(database_id, connections[0], people["adm"])
            assert await scene.fetch(
                "select count(*) from members.batches where database_id = $1 and closed_at is null",
                database_id,
            ) == [(0,)]


async def test_records_are_handed_out_while_their_database_is_deleted(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Whoever comes after the deletion is told that it is gone, and processing does not bring it back."""
    admin = people["mad"]
    async with callers(bff_url, 6) as connections:
        for attempt in range(6):
            database_id = await scene.database(f"Gone{attempt}_", 400)
            ids = await give(connections[0], people, database_id, 60)
            await connections[0].call(
                people["stf"], "members_validate", p_module=MODULE, payload=verdict(ids[:30], is_valid=False)
            )
            body = assignment(database_id, people["stf"], 20)

            async def delete(database_id: int = database_id, attempt: int = attempt) -> None:
                await asyncio.sleep(0.004 * attempt)
                await connections[5].call(
                    admin, "members_delete_database", p_module=MODULE, p_database_id=database_id
                )
                while (
                    await scene.fetch("select members.purge_database($1, $2, 100)", scene.org_id, database_id)
                )[0][0]:
                    pass

            ends = await at_once(
                delete(),
                refused(connections[4], admin, "process_invalid_batch", p_staff_id=people["stf"].user_id),
                *(
                    refused(c, admin, "members_assign_random", p_module=MODULE, payload=body)
                    for c in connections[:4]
                ),
            )
            assert {end.split(":")[0] for end in ends if end} <= {
                "database.not_found",
                "records.none_invalid",
            }, ends
            for table in (
                "databases",
                "records",
                "batches",
                "assignments",
                "record_counts",
                "reserved_counts",
            ):
                left = f"select count(*) from members.{table} where database_id = $1"
                assert await scene.fetch(left, database_id) == [(0,)], table


async def test_a_file_processed_by_two_at_once_makes_each_record_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    product_id = await scene.product("Processed")
    rows = [member("p", n % 1900) for n in range(2000)]
    async with callers(bff_url, 3) as connections:
        import_id = await register(connections[0], people["adm"], product_id, rows, "processed")
        ends = await at_once(*(process(c, people["adm"], import_id, 150) for c in connections[1:]))
        database_id = await database_of(scene, import_id)
        await scene.check(database_id, connections[0], people["adm"])
    for end in ends:
        assert (end["status"], end["success_rows"], end["duplicate_rows"]) == ("completed", 1900, 100)
    assert await scene.fetch(
        "select count(*), count(distinct row_data), min(row_number), max(row_number)"
        " from members.records where database_id = $1",
        database_id,
    ) == [(1900, 1900, 1, 1900)]


async def test_two_files_that_share_rows_bring_each_row_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    product_id = await scene.product("Shared")
    files = {"first": range(1200), "second": range(600, 1800), "third": range(300, 1500)}
    async with callers(bff_url, 3) as connections:
        imports = [
            await register(connections[0], people["adm"], product_id, [member("s", n) for n in numbers], name)
            for name, numbers in files.items()
        ]
        ends = await at_once(
            *(process(c, people["adm"], i, 130) for c, i in zip(connections, imports, strict=True))
        )
        for import_id in imports:
            await scene.check(await database_of(scene, import_id), connections[0], people["adm"])
    assert [end["status"] for end in ends] == ["completed"] * 3
    assert sum(end["success_rows"] for end in ends) == 1800
    assert sum(end["skipped_rows"] for end in ends) == 1800
    assert await scene.fetch(
        "select count(*), count(distinct r.customer_id) from members.records r"
        " join members.databases d using (org_id, database_id) where d.product_id = $1",
        product_id,
    ) == [(1800, 1800)]


async def process(caller: Caller, person: Person, import_id: int, chunk: int) -> Any:
    """Process chunks until the import is closed; the import then."""
    while True:
        body = await caller.call(
            person, "process_import_member_records", p_import_id=import_id, p_limit=chunk
        )
        found = json.loads(body)
        if found["status"] in ("completed", "failed"):
            return found


async def database_of(scene: Scene, import_id: int) -> int:
    ((database_id,),) = await scene.fetch(
        "select database_id from members.databases where import_id = $1", import_id
    )
    return int(database_id)
