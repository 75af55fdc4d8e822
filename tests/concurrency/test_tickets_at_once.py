"""Tickets at the same moment: one first response, one close, one ticket for each key."""

import json
from collections.abc import Awaitable

import asyncpg
from callers import at_once, callers

from tests.support.people import People

TICKET = {"ticket_type": "general request", "dept_target": "EXI", "subject": "S"}
AT_ONCE = 8


async def one(url: str, query: str, *arguments: object) -> object:
    """What a superuser reads."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *arguments)
    finally:
        await connection.close()


async def test_replies_at_once_are_one_first_response(database: str, bff_url: str, people: People) -> None:
    """Case 71, P26: also for somebody who writes the rows without the function's lock."""
    async with callers(bff_url, AT_ONCE) as connections:
        opened = await connections[0].call(people["sp1"], "ticket_create", payload=json.dumps(TICKET))
        ticket_id = json.loads(opened)["ticket_id"]
        answers = await at_once(
            *(
                c.call(people[who], "ticket_post_message", p_ticket_id=ticket_id, payload='{"message": "M"}')
                for c, who in zip(connections, ["exi", "sa", "sm", "mad"] * 2, strict=True)
            )
        )
    assert sum(json.loads(answer)["is_first_response"] for answer in answers) == 1

    async def insert(ticket: str) -> None:
        await one(
            database,
            "insert into desk.ticket_messages (org_id, ticket_id, message, created_by)"
            " values ($1, $2, 'M', $3)",
            people["exi"].org_id,
            ticket,
            people["exi"].user_id,
        )

    async with callers(bff_url, 1) as connections:
        opened = await connections[0].call(people["sp1"], "ticket_create", payload=json.dumps(TICKET))
    second = json.loads(opened)["ticket_id"]
    await at_once(*(insert(second) for _ in range(AT_ONCE)))
    query = (
        "select count(*) from desk.sla_events where event_type = 'FIRST_RESPONSE' and ticket_id = any ($1)"
    )
    assert await one(database, query, [ticket_id, second]) == 2


async def test_one_of_many_closes_a_ticket(database: str, bff_url: str, people: People) -> None:
    async with callers(bff_url, AT_ONCE) as connections:
        opened = await connections[0].call(people["sp1"], "ticket_create", payload=json.dumps(TICKET))
        ticket_id = json.loads(opened)["ticket_id"]
        change = json.dumps({"status": "CLOSED", "expected_status": "OPEN"})
        outcomes = await at_once(
            *(
                _hint(c.call(people["exi"], "ticket_update", p_ticket_id=ticket_id, payload=change))
                for c in connections
            )
        )
    assert sorted(outcomes) == ["", *["ticket.status.changed"] * (AT_ONCE - 1)]
    query = "select count(*) from desk.sla_events where event_type = 'RESOLVED' and ticket_id = $1"
    assert await one(database, query, ticket_id) == 1


async def test_one_key_is_one_ticket(database: str, bff_url: str, people: People) -> None:
    payload = json.dumps(TICKET | {"subject": "keyed"})
    async with callers(bff_url, AT_ONCE) as connections:
        answers = await at_once(
            *(c.call(people["sp1"], "ticket_create", key="one", payload=payload) for c in connections)
        )
    assert len(set(answers)) == 1
    assert await one(database, "select count(*) from desk.tickets where subject = 'keyed'") == 1


async def _hint(call: Awaitable[str]) -> str:
    """The stable code of the error, or nothing."""
    try:
        await call
    except asyncpg.PostgresError as error:
        return str(getattr(error, "hint", ""))
    return ""
