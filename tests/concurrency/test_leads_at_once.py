"""Leads created at the same moment: one key one lead, one company one customer, no deadlock for anybody."""

import asyncio
import json
import os
import random
import time
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers, lead, npwp

from db.session import Connection, Database
from tests.support.people import People

SECONDS = 60 if os.environ.get("PGCRM_LONG") else 10
WRITERS = 8


async def rows(url: str, query: str, *arguments: Any) -> list[Any]:
    """What a superuser reads."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


async def test_eight_identical_requests_with_one_key_are_one_lead_and_eight_equal_answers(
    database: str, bff_url: str, people: People
) -> None:
    payload = json.dumps(lead("Same", npwp="01.111.111.1-111.000"))
    async with callers(bff_url, WRITERS) as connections:
        answers = await at_once(
            *(
                c.call(people["mc"], "crm_create_lead_bundle", key="same", payload=payload)
                for c in connections
            )
        )
    assert len(answers) == WRITERS
    assert len(set(answers)) == 1, "the answers differ"
    found = await rows(
        database,
        "select (select count(*) from crm.leads where company_name = 'PT Same') as leads,"
        " (select count(*) from crm.customers where company_name = 'PT Same') as customers,"
        " (select count(*) from app.outbox o where o.topic = 'leads.created'"
        "  and o.key = (select lead_id from crm.leads where company_name = 'PT Same')) as events",
    )
    assert dict(found[0]) == {"leads": 1, "customers": 1, "events": 1}


async def test_eight_requests_with_one_key_but_two_payloads_end_as_one_of_them(
    bff_url: str, people: People, database: str
) -> None:
    async with callers(bff_url, WRITERS) as connections:
        outcomes = await asyncio.gather(
            *(
                c.create(people["mc"], lead("Either", notes=str(number % 2)), key="either")
                for number, c in enumerate(connections)
            ),
            return_exceptions=True,
        )
    refused = [o for o in outcomes if isinstance(o, asyncpg.PostgresError)]
    assert len(refused) == WRITERS // 2
    assert {(o.sqlstate, o.hint) for o in refused} == {("PT422", "idempotency.payload_mismatch")}
    assert len(await rows(database, "select from crm.leads where company_name = 'PT Either'")) == 1


async def test_eight_leads_with_one_npwp_are_one_customer(
    database: str, bff_url: str, people: People
) -> None:
    """Case 31: whoever comes second finds what the first has made, and both commit."""
    spellings = ["02.222.222.2-222.000", "022222222222000", "0022222222222000", "02 222 222 2 222 000"]
    async with callers(bff_url, WRITERS) as connections:
        answers = await at_once(
            *(
                c.create(
                    people["mm"], lead(f"Npwp {number}", npwp=spellings[number % 4]), key=f"npwp-{number}"
                )
                for number, c in enumerate(connections)
            )
        )
    assert len({a["lead_id"] for a in answers}) == WRITERS
    assert len({a["customer_id"] for a in answers}) == 1
    assert sum("customer_matched_by" not in a for a in answers) == 1, "one made the customer, seven found it"
    assert len(await rows(database, "select from crm.customers where npwp_key = '0022222222222000'")) == 1


@pytest.mark.parametrize("field", ["email", "contact_phone", "company_name"])
async def test_eight_leads_that_share_only_one_key_are_one_customer(
    database: str, bff_url: str, people: People, field: str
) -> None:
    shared = {"email": "once@only.example", "contact_phone": "0811 777 001", "company_name": "PT Once Only"}
    async with callers(bff_url, WRITERS) as connections:
        answers = await at_once(
            *(
                c.create(people["mm"], lead(f"{field} {number}", **{field: shared[field]}))
                for number, c in enumerate(connections)
            )
        )
    assert len({a["customer_id"] for a in answers}) == 1


async def test_writers_whose_keys_clash_in_every_order_meet_no_deadlock_and_no_double(
    database: str, bff_url: str, people: People
) -> None:
    """Few companies, keys drawn apart from each other: a writer's NPWP is one's, the e-mail another's."""
    chance = random.Random(20310301)
    who = [people[name] for name in ("mm", "mc", "dgo", "sm", "sp1", "sp2", "sp3", "ss")]
    until = time.monotonic() + SECONDS

    async def write(caller: Caller, number: int) -> int:
        written = 0
        while time.monotonic() < until:
            fields = lead(
                f"clash {number} {written}",
                email=f"clash{chance.randrange(6)}@clash.example",
                contact_phone=f"0812 555 {chance.randrange(6):04d}",
                company_name=f"PT Clash {chance.randrange(6)}",
                primary_channel=chance.choice(["SEM", "LinkedIn", "Other"]),
            )
            if chance.random() < 0.7:
                fields["npwp"] = npwp(700 + chance.randrange(6))
            made = await caller.create(who[number], fields, key=f"clash-{number}-{written}")
            if written % 3 == 0:
                await caller.call(
                    people["sa"],
                    "crm_update_lead",
                    p_lead_id=made["lead_id"],
                    payload='{"status": "Contacted"}',
                )
            written += 1
        return written

    async with callers(bff_url, WRITERS) as connections:
        written = await at_once(*(write(c, number) for number, c in enumerate(connections)))
    assert min(written) > 0, "a writer never got a turn"
    assert len(await rows(database, "select from crm.leads where pic_name like 'Pic of clash%'")) == sum(
        written
    )
    doubles = await rows(
        database,
        "select npwp_key from crm.customers where npwp_key is not null"
        " group by org_id, npwp_key having count(*) > 1",
    )
    assert doubles == []
    astray = await rows(
        database,
        "select l.lead_id from crm.leads l join crm.customers c using (org_id, customer_id)"
        # On a customer that its creator cannot read a lead keeps what was typed to itself.
        " where l.counts and crm.npwp_key(l.npwp) <> c.npwp_key",
    )
    assert astray == [], "leads on a customer of another NPWP"
    stale = await rows(
        database,
        "select customer_id from crm.customers c where owner_ids <> array("
        " select l.sales_owner_user_id from crm.leads l where l.org_id = c.org_id"
        "  and l.customer_id = c.customer_id and l.counts and l.sales_owner_user_id is not null"
        " union select p.owner_user_id from crm.prospects p join app.profiles o using (org_id)"
        "  join app.roles r using (role_key) where o.user_id = p.owner_user_id and r.role_group = 'sales'"
        "  and p.org_id = c.org_id and p.customer_id = c.customer_id and p.counts order by 1)"
        " or creator_ids <> array(select distinct l.created_by from crm.leads l where l.org_id = c.org_id"
        "  and l.customer_id = c.customer_id and l.counts order by 1)",
    )
    assert stale == [], "whose customer it is, is not what leads and prospects say"
    counted = await rows(
        database,
        "select org_id, status, sum(leads), sum(assigned) from crm.lead_counts group by 1, 2 order by 1, 2",
    )
    found = await rows(
        database,
        "select org_id, status, count(*), count(sales_owner_user_id) from crm.leads"
        " group by 1, 2 order by 1, 2",
    )
    assert counted == found
    assert {row["status"] for row in found} >= {"New", "Contacted"}


async def test_ids_are_unique_and_without_gaps_when_many_are_drawn_at_once(
    database: str, bff_url: str, people: People
) -> None:
    each = 25

    async def write(caller: Caller, number: int) -> list[str]:
        return [
            (
                await caller.create(
                    people["mm@beta"],
                    lead(f"ids {number} {n}", primary_channel="Trade Show", lead_date="2025-03-01"),
                )
            )["lead_id"]
            for n in range(each)
        ]

    async with callers(bff_url, WRITERS) as connections:
        drawn = await at_once(*(write(c, number) for number, c in enumerate(connections)))
    ids = sorted(lead_id for one in drawn for lead_id in one)
    assert ids == [f"LEADTS010325{n:04d}" for n in range(1, WRITERS * each + 1)]


async def test_a_lead_with_an_npwp_that_somebody_is_just_typing_into_a_customer_finds_that_customer(
    bff_url: str, people: People
) -> None:
    """The lead waits for the correction, has lost the race, and is run again by the BFF's session."""
    person = people["mm"]

    async def create(connection: Connection) -> Any:
        return await connection.fetchval(
            "select api.crm_create_lead_bundle($1)", json.dumps(lead("Other name", npwp=npwp(4711)))
        )

    bff = Database(bff_url, pool_size=1)
    await bff.open()
    editor = await asyncpg.connect(bff_url)
    try:
        async with callers(bff_url, 1) as (caller,):
            customer_id = (await caller.create(person, lead("By hand")))["customer_id"]
        async with editor.transaction():
            await editor.execute(f"select app.enter('{person.user_id}'); set local role authenticated")
            await editor.execute(
                "update crm.customers set npwp = $1 where customer_id = $2", npwp(4711), customer_id
            )
            creating = asyncio.create_task(bff.run(person.user_id, {}, create))
            await asyncio.sleep(0.3)
            assert not creating.done()
        answer = json.loads(await creating)
    finally:
        await editor.close()
        await bff.close()
    assert (answer["customer_id"], answer["customer_matched_by"]) == (customer_id, "npwp")


async def test_two_leads_that_find_one_customer_by_different_keys_do_not_give_it_two_npwps(
    database: str, bff_url: str, people: People
) -> None:
    """One finds it by e-mail, the other by telephone, so no lock on a key keeps them apart; the row does."""
    person = people["mm"]
    email, phone = "both@keys.example", "0812 999 4712"
    editor = await asyncpg.connect(bff_url)
    try:
        async with callers(bff_url, 2) as (caller, later):
            first = await caller.create(person, lead("Both keys", email=email, contact_phone=phone))
            async with editor.transaction():
                await editor.execute(f"select app.enter('{person.user_id}'); set local role authenticated")
                by_email = json.loads(
                    await editor.fetchval(
                        "select api.crm_create_lead_bundle($1)",
                        json.dumps(lead("By e-mail", email=email, npwp=npwp(4712))),
                    )
                )
                creating = asyncio.create_task(
                    later.create(person, lead("By telephone", contact_phone=phone, npwp=npwp(4713)))
                )
                await asyncio.sleep(0.3)
                assert not creating.done(), "it waits for the customer"
            by_phone = await creating
    finally:
        await editor.close()
    assert by_email["customer_id"] == first["customer_id"]
    assert by_phone["customer_id"] != first["customer_id"]
    found = await rows(
        database,
        "select right(c.npwp_key, 4) from crm.customers c"
        " where c.org_id = $1 and c.customer_id = any ($2) order by 1",
        person.org_id,
        [first["customer_id"], by_phone["customer_id"]],
    )
    assert [row[0] for row in found] == ["4712", "4713"]
