"""Handing leads over at the same moment as others do, or as the owner works on them."""

import asyncio
import itertools
import json
from typing import Any

import asyncpg
import pytest
from callers import at_once, callers, lead

from tests.support.people import People


async def rows(url: str, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """What a superuser reads."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def test_a_lead_that_many_hand_to_different_people_at_once_ends_with_the_last_and_one_prospect(
    database: str, bff_url: str, people: People
) -> None:
    owners = [people[name] for name in ("sp1", "sp2", "sp3", "sm")]
    async with callers(bff_url, 8) as connections:
        made = await connections[0].create(people["mc"], lead("Contended"))
        await at_once(
            *(
                c.call(
                    people["mm"],
                    "crm_assign_lead",
                    p_lead_id=made["lead_id"],
                    payload=json.dumps({"new_owner_user_id": str(owners[number % 4].user_id)}),
                )
                for number, c in enumerate(connections)
            )
        )
    history = await rows(
        database,
        "select from_user_id, to_user_id from crm.lead_assignments where lead_id = $1 and org_id = $2"
        " order by assignment_id",
        made["lead_id"],
        people["mm"].org_id,
    )
    assert history[0][0] is None
    assert all(before[1] == after[0] for before, after in itertools.pairwise(history))
    found = await rows(
        database,
        "select l.sales_owner_user_id, p.owner_user_id, c.owner_ids from crm.leads l"
        " join crm.prospects p using (org_id, prospect_id) join crm.customers c on c.org_id = l.org_id"
        " and c.customer_id = l.customer_id where l.lead_id = $1 and l.org_id = $2",
        made["lead_id"],
        people["mm"].org_id,
    )
    last = history[-1][1]
    assert found == [(last, last, [last])]
    doubles = await rows(
        database,
        "select from crm.prospects where customer_id = $1 and org_id = $2 and current_stage <> 'Closed Lost'",
        made["customer_id"],
        people["mm"].org_id,
    )
    assert len(doubles) == 1


async def test_one_request_to_hand_over_sent_eight_times_is_one_line_of_history(
    database: str, bff_url: str, people: People
) -> None:
    async with callers(bff_url, 8) as connections:
        made = await connections[0].create(people["mc"], lead("Pressed eight times"))
        answers = await at_once(
            *(
                c.call(
                    people["mm"],
                    "crm_assign_lead",
                    key="hand-over",
                    p_lead_id=made["lead_id"],
                    payload=json.dumps({"new_owner_user_id": str(people["sp1"].user_id)}),
                )
                for c in connections
            )
        )
    assert len(set(answers)) == 1
    history = await rows(database, "select from crm.lead_assignments where lead_id = $1", made["lead_id"])
    assert len(history) == 1


async def test_leads_of_one_customer_created_and_handed_over_at_once_meet_no_deadlock(
    database: str, bff_url: str, people: People
) -> None:
    async with callers(bff_url, 8) as connections:
        made = [
            await connections[0].create(people["mm"], lead("Busy customer", notes=str(number)))
            for number in range(6)
        ]
        owners = [people["sp1"], people["sp2"], people["sp3"]]

        async def hand_over(number: int) -> None:
            for turn in range(4):
                await connections[number].call(
                    people["mm"],
                    "crm_assign_lead",
                    p_lead_id=made[number]["lead_id"],
                    payload=json.dumps({"new_owner_user_id": str(owners[(number + turn) % 3].user_id)}),
                )

        async def create(number: int) -> None:
            for turn in range(6):
                await connections[number].create(
                    people["mm"],
                    lead("Busy customer", notes=f"{number} {turn}")
                    | {"sales_owner_user_id": str(owners[turn % 3].user_id)},
                )

        await at_once(*(hand_over(n) for n in range(6)), *(create(n) for n in (6, 7)))
    stray = await rows(
        database,
        "select l.lead_id from crm.leads l join crm.prospects p using (org_id, prospect_id)"
        " where l.customer_id = $1 and l.org_id = $2 and p.owner_user_id <> l.sales_owner_user_id",
        made[0]["customer_id"],
        people["mm"].org_id,
    )
    assert stray == [], "a lead without its owner's prospect"


async def test_an_owner_who_changes_a_lead_while_it_is_handed_over_finds_it_gone_and_changes_nothing(
    database: str, bff_url: str, people: People
) -> None:
    manager = await asyncpg.connect(bff_url)
    try:
        async with callers(bff_url, 2) as (caller, owner):
            made = await caller.create(
                people["mm"], lead("Slipping away") | {"sales_owner_user_id": str(people["sp1"].user_id)}
            )
            async with manager.transaction():
                await manager.execute(
                    f"select app.enter('{people['mm'].user_id}'); set local role authenticated"
                )
                await manager.execute(
                    "select api.crm_assign_lead($1, $2)",
                    made["lead_id"],
                    json.dumps({"new_owner_user_id": str(people["sp3"].user_id)}),
                )
                patching = asyncio.create_task(
                    owner.call(
                        people["sp1"],
                        "crm_update_lead",
                        p_lead_id=made["lead_id"],
                        payload=json.dumps({"status": "Contacted", "notes": "mine"}),
                    )
                )
                await asyncio.sleep(0.3)
                assert not patching.done(), "it waits for the lead"
            with pytest.raises(asyncpg.PostgresError) as refused:
                await patching
    finally:
        await manager.close()
    assert (refused.value.sqlstate, refused.value.hint) == ("PT404", "lead.not_found")
    found = await rows(
        database,
        "select status, notes, sales_owner_user_id from crm.leads where lead_id = $1 and org_id = $2",
        made["lead_id"],
        people["mm"].org_id,
    )
    assert found == [("New", None, people["sp3"].user_id)]


async def test_of_two_people_made_primary_at_once_one_is(database: str, bff_url: str, people: People) -> None:
    async with callers(bff_url, 6) as connections:
        made = await connections[0].create(people["mm"], lead("Two heads"))
        await at_once(
            *(
                c.call(
                    people["mm"],
                    "crm_add_contact",
                    p_customer_id=made["customer_id"],
                    payload=json.dumps({"full_name": f"Head {number}", "is_primary": True}),
                )
                for number, c in enumerate(connections)
            )
        )
    found = await rows(
        database,
        "select count(*), count(*) filter (where is_primary) from crm.contacts"
        " where customer_id = $1 and org_id = $2",
        made["customer_id"],
        people["mm"].org_id,
    )
    assert found == [(7, 1)]
