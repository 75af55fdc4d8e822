"""Leads over HTTP: creating them once however often one asks, and paging through them."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


def other_lead(**changes: str) -> dict[str, str]:
    """A lead of a company that no other lead is of."""
    word = uuid4().hex[:10]
    digits = str(uuid4().int)[:9]
    return (
        LEAD
        | {"company_name": f"PT {word}", "email": f"{word}@x.test", "contact_phone": f"0811{digits}"}
        | changes
    )


def test_a_lead_that_was_created_can_be_read(person):
    payload = other_lead(notes="first", est_volume_value=12.5)
    created = person.http.post("/api/leads", json=payload)
    assert created.status_code == 201
    answer = created.json()
    assert answer["customer_id"].startswith("CUST")
    assert answer["prospect_id"].startswith("ACT")
    assert answer["ticket_id"] is None
    lead = person.http.get(f"/api/leads/{answer['lead_id']}")
    assert lead.status_code == 200
    for name, value in payload.items():
        assert lead.json()[name] == value


def test_a_key_makes_a_repetition_harmless(organisation, person):
    """P38: the key is the caller's own, not one that is drawn for each request."""
    payload, key = other_lead(), {"Idempotency-Key": str(uuid4())}
    before = organisation.count("crm.leads")
    first = person.http.post("/api/leads", json=payload, headers=key)
    again = person.http.post("/api/leads", json=payload, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content
    assert organisation.count("crm.leads") == before + 1


def test_the_order_of_members_makes_no_other_request(person):
    payload, headers = other_lead(), {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    person.http.post("/api/leads", content=json.dumps(payload), headers=headers)
    turned = json.dumps(dict(reversed(payload.items())), indent=4)
    assert (
        person.http.post("/api/leads", content=turned, headers=headers).headers["idempotency-replayed"]
        == "true"
    )


def test_a_key_is_good_for_one_request(organisation, person):
    key = {"Idempotency-Key": str(uuid4())}
    assert person.http.post("/api/leads", json=other_lead(), headers=key).status_code == 201
    before = organisation.count("crm.leads")
    response = person.http.post("/api/leads", json=other_lead(), headers=key)
    assert response.status_code == 422
    assert problem(response)["code"] == "idempotency.payload_mismatch"
    assert organisation.count("crm.leads") == before


def test_a_failure_is_not_remembered(person):
    key = {"Idempotency-Key": str(uuid4())}
    assert person.http.post("/api/leads", json=other_lead(email="bad"), headers=key).status_code == 422
    assert person.http.post("/api/leads", json=other_lead(), headers=key).status_code == 201


def test_eight_at_once_with_one_key_are_one_lead_and_eight_equal_answers(organisation, person):
    payload, key = other_lead(), {"Idempotency-Key": str(uuid4())}
    before = organisation.count("crm.leads")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: person.http.post("/api/leads", json=payload, headers=key), range(8))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert organisation.count("crm.leads") == before + 1


def test_pages_hold_every_lead_once_in_order(person):
    for _ in range(7):
        assert person.http.post("/api/leads", json=other_lead()).status_code == 201
    whole = person.http.get("/api/leads?limit=100").json()
    assert whole["next"] is None
    paged, cursor = [], None
    while True:
        page = person.http.get(
            "/api/leads", params={"limit": 3} | ({"cursor": cursor} if cursor else {})
        ).json()
        assert len(page["items"]) <= 3
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [lead["lead_id"] for lead in paged] == [lead["lead_id"] for lead in whole["items"]]


def test_a_cursor_is_good_for_its_list_and_its_filters_alone(person):
    cursor = person.http.get("/api/leads?limit=1").json()["next"]
    assert person.http.get("/api/leads", params={"limit": 50, "cursor": cursor}).status_code == 200
    forged = [
        ("/api/leads", {"cursor": cursor, "status": "New"}),
        ("/api/leads", {"cursor": cursor[:-1] + ("A" if cursor[-1] != "A" else "B")}),
        ("/api/leads", {"cursor": ("A" if cursor[0] != "A" else "B") + cursor[1:]}),
        ("/api/leads", {"cursor": cursor + "AAAA"}),
        ("/api/imports/1/rows", {"cursor": cursor}),
    ]
    for path, query in forged:
        assert codes(person.http.get(path, params=query)) == {"cursor": "cursor.invalid"}


def test_filters_filter(person):
    wanted = person.http.post("/api/leads", json=other_lead(primary_channel="Trade Show")).json()["lead_id"]
    found = person.http.get("/api/leads", params={"primary_channel": "Trade Show"}).json()["items"]
    assert [lead["lead_id"] for lead in found] == [wanted]
    assert person.http.get("/api/leads", params={"status": "Closed Won"}).json()["items"] == []
    assert person.http.get("/api/leads", params={"lead_date_to": "2000-01-01"}).json()["items"] == []


def test_another_organisation_sees_nothing_of_it(person, database, bff):
    lead_id = person.http.post("/api/leads", json=other_lead()).json()["lead_id"]
    other = Organisation(database, bff)
    stranger = other.person()
    assert stranger.http.get("/api/leads").json()["items"] == []
    assert stranger.http.get(f"/api/leads/{lead_id}").status_code == 404
    other.close()


@pytest.mark.parametrize("role", ["director", "exim_ops", "finance"])
def test_a_role_that_may_not_is_told_so(organisation, role):
    response = organisation.person(role, "DIR").http.post("/api/leads", json=other_lead())
    assert response.status_code == 403
    assert problem(response)["code"] == "permission.denied"
