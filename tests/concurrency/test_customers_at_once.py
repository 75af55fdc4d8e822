"""Customers made at the same moment, by hand and by leads: one company is one customer, and no deadlock."""

import json

from callers import at_once, callers, lead

from tests.support.people import People

WRITERS = 8


async def test_eight_who_make_one_company_by_different_keys_make_one_customer(
    bff_url: str, people: People
) -> None:
    """P20: looking and making are one step for all who share a key, whichever of them it is."""
    ways = (
        {"company_name": "PT Bersama"},
        {"company_name": "Pt. bersama", "email": "office@bersama.example"},
        {"company_name": "PT BERSAMA", "pic_name": "Ani", "pic_phone": "0812-444-5566"},
        {"company_name": "PT Bersama", "npwp": "03.333.333.3-333.000", "phone": "021-333-444"},
    )
    async with callers(bff_url, WRITERS) as connections:
        answers = await at_once(
            *(
                c.call(people["mm"], "crm_create_customer", payload=json.dumps(ways[number % 4]))
                for number, c in enumerate(connections)
            )
        )
        [[count]] = await connections[0].read(
            people["mm"], "select count(*) from api.customers where company_name ilike 'pt%bersama'"
        )
    made = [json.loads(answer) for answer in answers]
    assert len({answer["customer_id"] for answer in made}) == 1
    assert sum("customer_matched_by" not in answer for answer in made) == 1
    assert count == 1


async def test_a_customer_by_hand_and_leads_of_it_do_not_deadlock(bff_url: str, people: People) -> None:
    async with callers(bff_url, WRITERS) as connections:
        for round_ in range(10):
            wanted = lead(f"Kedua {round_}")
            new = {
                "company_name": wanted["company_name"],
                "pic_name": "Ani",
                "pic_email": wanted["email"],
                "email": f"office@kedua{round_}.example",
                "phone": wanted["contact_phone"],
            }
            answers = await at_once(
                *(
                    c.create(people["mm"], wanted)
                    if number % 2
                    else c.call(people["mm"], "crm_create_customer", payload=json.dumps(new))
                    for number, c in enumerate(connections)
                )
            )
            read = [json.loads(a) if isinstance(a, str) else a for a in answers]
            assert len({answer["customer_id"] for answer in read}) == 1


async def test_eight_who_have_one_person_pursue_a_customer_make_one_prospect(
    bff_url: str, people: People
) -> None:
    """Case 57."""
    async with callers(bff_url, WRITERS) as connections:
        made = json.loads(
            await connections[0].call(
                people["mm"], "crm_create_customer", payload=json.dumps({"company_name": "PT Kejar"})
            )
        )
        wanted = {"customer_id": made["customer_id"], "owner_user_id": str(people["sp1"].user_id)}
        answers = await at_once(
            *(c.call(people["mm"], "crm_create_prospect", payload=json.dumps(wanted)) for c in connections)
        )
    read = [json.loads(answer) for answer in answers]
    assert len({answer["prospect_id"] for answer in read}) == 1
    assert sum(answer["is_new"] for answer in read) == 1


async def test_one_request_made_eight_times_is_one_customer_and_one_answer(
    bff_url: str, people: People
) -> None:
    payload = json.dumps({"company_name": "PT Sekali", "pic_name": "Ani"})
    async with callers(bff_url, WRITERS) as connections:
        answers = await at_once(
            *(c.call(people["sp1"], "crm_create_customer", key="once", payload=payload) for c in connections)
        )
    assert len(set(answers)) == 1
