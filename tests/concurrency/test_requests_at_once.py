"""Requests for records of normal databases, by several people at the same moment."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers
from members import Scene

from tests.support.people import People, Person


@pytest.fixture
async def scene(database: str, people: People) -> AsyncIterator[Scene]:
    found = await Scene.of(database, people["adm"].org_id)
    yield found
    await found.close()


async def ask(caller: Caller, person: Person, database_id: int, count: int, key: str | None = None) -> Any:
    """The request, or the code of its refusal."""
    body = json.dumps({"database_id": database_id, "record_count": count})
    return await tried(caller, person, "members_request_records", key=key, payload=body)


async def tried(caller: Caller, person: Person, function: str, **arguments: Any) -> Any:
    try:
        return json.loads(await caller.call(person, function, **arguments))
    except asyncpg.PostgresError as error:
        if not str(error.sqlstate).startswith("PT4"):
            raise
        return error.hint


async def test_a_request_that_eight_decide_is_decided_once(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Member case 20: approved or rejected, and its records with whoever asked, or available."""
    database_id = await scene.database("Once", 100, "normal")
    async with callers(bff_url, 8) as connections:
        for number in range(6):
            made = await ask(connections[0], people["stf"], database_id, 10)
            answers = await at_once(
                *(
                    tried(
                        caller,
                        people[("adm", "mad", "sa")[n % 3]],
                        "members_approve_request" if (n + number) % 2 else "members_reject_request",
                        p_request_id=made["request_id"],
                    )
                    for n, caller in enumerate(connections)
                )
            )
            assert answers.count("request.not_pending") == 7
            (status,) = {answer["status"] for answer in answers if isinstance(answer, dict)}
            states = await scene.fetch(
                "select distinct status, request_id from members.records where record_id = any ("
                " select unnest(record_ids) from members.download_requests where request_id = $1)",
                made["request_id"],
            )
            approved = status == "approved"
            assert states == [("assigned", made["request_id"]) if approved else ("available", None)]


async def test_of_eight_who_ask_for_more_than_there_is_seven_get_theirs(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Member case 19 at once: all or nothing for each."""
    database_id = await scene.database("Wanted", 8 * 25 - 10, "normal")
    staff = [people["stf"], people["stf2"], people["sp1"], people["ss"]]
    async with callers(bff_url, 8) as connections:
        answers = await at_once(
            *(ask(caller, staff[n % 4], database_id, 25) for n, caller in enumerate(connections))
        )
    assert answers.count("records.too_few_eligible") == 1
    assert await scene.fetch(
        "select status, count(*) from members.records where database_id = $1 group by 1 order by 1",
        database_id,
    ) == [("available", 15), ("requested", 175)]


async def test_one_key_from_eight_connections_is_one_request(
    bff_url: str, people: People, scene: Scene
) -> None:
    database_id = await scene.database("Key", 100, "normal")
    async with callers(bff_url, 8) as connections:
        answers = await at_once(
            *(ask(caller, people["stf"], database_id, 5, key="one") for caller in connections)
        )
    assert len({answer["request_id"] for answer in answers}) == 1
    query = "select count(*) from members.records where database_id = $1 and status = 'requested'"
    assert await scene.fetch(query, database_id) == [(5,)]


async def test_requests_are_made_and_decided_while_their_database_is_deleted(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Nobody meets a deadlock, and nothing is left to decide about."""
    for attempt in range(2):
        database_id = await scene.database(f"Going{attempt}", 400, "normal")
        gone = asyncio.Event()

        async def ask_on(caller: Caller, database_id: int = database_id, gone: asyncio.Event = gone) -> None:
            while not gone.is_set():
                await ask(caller, people["stf"], database_id, 3)

        async def decide(
            caller: Caller, verdict: str, database_id: int = database_id, gone: asyncio.Event = gone
        ) -> None:
            while not gone.is_set():
                found = await caller.read(
                    people["adm"],
                    "select request_id from api.download_requests"
                    " where database_id = $1 and status = 'pending' limit 5",
                    database_id,
                )
                if found:
                    body = json.dumps({"request_ids": [row[0] for row in found]})
                    await tried(caller, people["adm"], f"members_{verdict}_requests", payload=body)
                await asyncio.sleep(0)

        async def delete(caller: Caller, database_id: int = database_id, gone: asyncio.Event = gone) -> None:
            try:
                await asyncio.sleep(0.3)
                await caller.call(
                    people["mad"], "members_delete_database", p_module="normal", p_database_id=database_id
                )
            finally:
                gone.set()

        async with callers(bff_url, 6) as c:
            await at_once(
                ask_on(c[0]), ask_on(c[1]), decide(c[2], "approve"), decide(c[3], "approve"),
                decide(c[4], "reject"), delete(c[5]),
            )  # fmt: skip
        pending = (
            "select count(*) from members.download_requests where database_id = $1 and status = 'pending'"
        )
        assert await scene.fetch(pending, database_id) == [(0,)]


async def test_of_many_bulk_calls_at_once_ten_are_admitted(
    bff_url: str, people: People, scene: Scene
) -> None:
    """Decisions §4: ten a minute for each person, counted one after the other."""
    product_id = await scene.product("Bulk")

    async def add(caller: Caller, number: int) -> Any:
        body = {
            "customer_ids": [f"bulk {number}"],
            "product_id": product_id,
            "staff_id": str(people["stf"].user_id),
        }
        return await tried(caller, people["mad"], "members_reserve_many", payload=json.dumps(body))

    async with callers(bff_url, 8) as connections:
        answers: list[Any] = []
        for first in range(0, 24, 8):
            answers += await at_once(*(add(c, first + n) for n, c in enumerate(connections)))
    assert len([a for a in answers if isinstance(a, dict)]) == 10
    assert answers.count("bulk.too_many") == 14
