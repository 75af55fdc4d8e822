"""Tickets over HTTP: opened by sales, worked on by operations, who learn nothing of the customer."""

from datetime import datetime, timedelta

import pytest
from organisation import LEAD, Organisation, Person, codes, problem

RFQ = {
    "need_rfq": True,
    "rfq_origin_address": "Jl. Satu 1",
    "rfq_origin_city": "Surabaya",
    "rfq_origin_country": "Indonesia",
    "rfq_destination_address": "Two Street 2",
    "rfq_destination_city": "Hamburg",
    "rfq_destination_country": "Germany",
    "rfq_cargo_category": "Furniture",
    "rfq_cargo_qty": 12,
    "rfq_cargo_dimensions": "1x2x3 m",
    "rfq_cargo_weight": 1250.5,
    "rfq_scope_of_work": "door to port",
}


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def seller(organisation) -> Person:
    return organisation.person("salesperson", "SAL")


@pytest.fixture(scope="module")
def operator(organisation) -> Person:
    return organisation.person("domestics_ops", "DOM")


def opened(person: Person, **more: object) -> str:
    body = {"ticket_type": "general request", "dept_target": "DOM", "subject": "Where is it?"} | more
    answer = person.http.post("/api/tickets", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["ticket_id"]


def moved(person: Person, ticket_id: str, **change: object):
    return person.http.patch(f"/api/tickets/{ticket_id}", json=change)


def test_a_ticket_goes_from_sales_to_operations_and_is_closed(seller, operator):
    ticket_id = opened(seller, cargo_qty=3)
    found = operator.http.get("/api/tickets", params={"status": "OPEN"}).json()["items"]
    assert ticket_id in [item["ticket_id"] for item in found]
    answer = moved(operator, ticket_id, status="IN PROGRESS", assigned_to=str(operator.user_id))
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "IN PROGRESS"
    shown = seller.http.get(f"/api/tickets/{ticket_id}").json()
    assert (shown["assigned_to"], shown["cargo_qty"]) == (str(operator.user_id), 3)
    assert moved(operator, ticket_id, status="CLOSED").json()["closed_at"] is not None
    refused = moved(seller, ticket_id, status="OPEN")
    assert (refused.status_code, problem(refused)["code"]) == (409, "ticket.transition.refused")


def test_whoever_has_seen_an_older_status_is_told(seller):
    ticket_id = opened(seller)
    assert moved(seller, ticket_id, status="IN PROGRESS", expected_status="OPEN").status_code == 200
    late = moved(seller, ticket_id, status="CLOSED", expected_status="OPEN")
    assert (late.status_code, problem(late)["code"]) == (409, "ticket.status.changed")


def test_opening_twice_with_one_key_is_opening_once(organisation, seller):
    body = {"ticket_type": "request pickup", "dept_target": "TRF", "subject": "Monday"}
    answers = [
        seller.http.post("/api/tickets", json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotency-replayed"] == "true"


def test_bad_fields_are_named(seller):
    answer = seller.http.post(
        "/api/tickets",
        json={"ticket_type": "complaint", "subject": "", "dept_target": "HRD", "created_by": "me"},
    )
    assert answer.status_code == 422
    assert codes(answer) == {
        "created_by": "ticket.field.unknown",
        "dept_target": "ticket.dept_target.unknown",
        "subject": "ticket.subject.required",
        "ticket_type": "ticket.ticket_type.unknown",
    }


def test_a_director_opens_none_and_strangers_see_none(organisation, seller):
    director = organisation.person("director", "DIR")
    body = {"ticket_type": "general request", "dept_target": "DOM", "subject": "S"}
    assert director.http.post("/api/tickets", json=body).status_code == 403
    ticket_id = opened(seller)
    stranger = organisation.person("salesperson", "DIR")
    assert stranger.http.get(f"/api/tickets/{ticket_id}").status_code == 404
    assert moved(stranger, ticket_id, status="CLOSED").status_code == 404


def test_operations_quote_on_a_customer_they_know_nothing_of(seller, operator):
    """Cases 61 to 67 over HTTP."""
    ticket_id = seller.http.post("/api/leads", json=LEAD | RFQ).json()["ticket_id"]
    words = "for PT Laut-Biru, Sari Dewi, 081234567890"
    assert moved(seller, ticket_id, description=words).status_code == 200
    listed = operator.http.get("/api/tickets", params={"ticket_type": "inquiry tariff"})
    shown = operator.http.get(f"/api/tickets/{ticket_id}")
    for answer in (listed, shown):
        assert answer.status_code == 200
        for word in ("Laut", "Biru", "Sari", "Dewi", "34567", "LEADSEM", "CUST2", "CUST1", "CUST0", "CUST3"):
            assert word.lower() not in answer.text.lower()
    assert (shown.json()["is_masked"], shown.json()["destination_city"]) == (True, "Hamburg")
    assert shown.json()["created_by"] is None
    assert moved(operator, ticket_id, description="mine").status_code == 403
    assert moved(operator, ticket_id, status="WAITING RESPON").status_code == 200
    lost = moved(operator, ticket_id, status="CLOSED LOST")
    assert codes(lost) == {"close_reason": "ticket.close_reason.required"}
    reason = {"close_reason": "Price too high", "competitor_rate": 99.5}
    assert moved(operator, ticket_id, status="CLOSED LOST", **reason).status_code == 200
    assert seller.http.get(f"/api/tickets/{ticket_id}").json()["competitor_rate"] == 99.5


def said(person: Person, ticket_id: str, message: str = "On its way", **headers: str):
    return person.http.post(
        f"/api/tickets/{ticket_id}/messages",
        json={"message": message},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def added(person: Person, ticket_id: str, name: str = "list.pdf", content: bytes = b"%PDF-1.7 list"):
    return person.http.post(f"/api/tickets/{ticket_id}/attachments", files={"file": (name, content)})


def test_messages_are_read_by_page_and_the_first_answer_counts(seller, operator):
    ticket_id = opened(seller)
    assert said(seller, ticket_id, "one").json()["is_first_response"] is False
    answer = said(operator, ticket_id, "two", Idempotency_Key="two")
    assert answer.status_code == 201
    assert answer.json()["is_first_response"] is True
    again = said(operator, ticket_id, "two", Idempotency_Key="two")
    assert again.content == answer.content
    said(seller, ticket_id, "three")
    path = f"/api/tickets/{ticket_id}/messages"
    page = seller.http.get(path, params={"limit": 2}).json()
    assert [item["message"] for item in page["items"]] == ["three", "two"]
    rest = seller.http.get(path, params={"limit": 2, "cursor": page["next"]}).json()
    assert ([item["message"] for item in rest["items"]], rest["next"]) == (["one"], None)
    events = seller.http.get(f"/api/tickets/{ticket_id}").json()["sla_events"]
    assert [event["event_type"] for event in events] == ["OPENED", "FIRST_RESPONSE"]


def test_files_go_to_whoever_sees_the_ticket(organisation, seller, operator):
    """Case 82."""
    ticket_id = opened(seller)
    answer = added(seller, ticket_id)
    assert answer.status_code == 201, answer.text
    path = f"/api/files/{answer.json()['file_id']}"
    assert operator.http.get(path).content == b"%PDF-1.7 list"
    stranger = organisation.person("salesperson", "DIR")
    assert stranger.http.get(path).status_code == 404
    before = organisation.count("app.files")
    assert added(stranger, ticket_id).status_code == 404
    assert organisation.count("app.files") == before


@pytest.mark.parametrize(
    ("name", "size", "status", "code"),
    [("a.exe", 1, 415, "ticket.file.type"), ("a.pdf", 10 * 1024 * 1024 + 1, 413, "ticket.file.too_large")],
)
def test_files_of_other_types_and_sizes_are_refused(seller, name, size, status, code):
    answer = added(seller, opened(seller), name, b"x" * size)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


def test_operations_get_no_file_that_others_put_on_a_masked_ticket(seller, operator):
    ticket_id = seller.http.post("/api/leads", json=LEAD | RFQ).json()["ticket_id"]
    theirs = added(seller, ticket_id, "for Sari of Laut Biru.pdf").json()
    own = added(operator, ticket_id, "rates.csv", b"a,b\n").json()
    shown = {
        a["attachment_id"]: a for a in operator.http.get(f"/api/tickets/{ticket_id}").json()["attachments"]
    }
    assert shown[theirs["attachment_id"]]["file_id"] is None
    assert shown[theirs["attachment_id"]]["file_name"] == "for [masked] of [masked].pdf"
    assert operator.http.get(f"/api/files/{theirs['file_id']}").status_code == 404
    assert operator.http.get(f"/api/files/{own['file_id']}").content == b"a,b\n"
    assert seller.http.get(f"/api/files/{own['file_id']}").content == b"a,b\n"


def test_lists_say_by_when_tickets_are_due(organisation, seller, operator):
    admin = organisation.person("super_admin", "DIR")
    days = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
    hours = {"name": "always", "time_zone": "Asia/Jakarta", "periods": days}
    assert seller.http.post("/api/sla/calendars", json=hours).status_code == 403
    made = admin.http.post("/api/sla/calendars", json=hours)
    assert made.status_code == 200, made.text
    target = {
        "ticket_type": "request delivery",
        "calendar_id": made.json()["calendar_id"],
        "first_response_minutes": 30,
        "resolution_minutes": 60,
    }
    assert admin.http.post("/api/sla/targets", json=target).json() == target
    assert seller.http.get("/api/sla").json()["targets"] == [target]
    ticket_id = opened(seller, ticket_type="request delivery")
    listed = operator.http.get("/api/tickets", params={"ticket_type": "request delivery"}).json()["items"]
    found = next(item for item in listed if item["ticket_id"] == ticket_id)
    begun, due = (datetime.fromisoformat(found[name]) for name in ("created_at", "resolution_due_at"))
    assert abs(due - begun - timedelta(hours=1)) < timedelta(seconds=1)
    overlap = hours | {"periods": [days[0], days[0]]}
    assert codes(admin.http.post("/api/sla/calendars", json=overlap)) == {
        "periods": "calendar.periods.overlap"
    }


def test_a_super_admin_deletes_what_nobody_else_may(organisation):
    owner = organisation.person()
    lead_id = owner.http.post("/api/leads", json=LEAD).json()["lead_id"]
    opened = {"ticket_type": "general request", "dept_target": "EXI", "subject": "Wrong"}
    ticket_id = owner.http.post("/api/tickets", json=opened | {"related_lead_id": lead_id}).json()[
        "ticket_id"
    ]
    path = f"/api/tickets/{ticket_id}"
    message_id = owner.http.post(f"{path}/messages", json={"message": "m"}).json()["message_id"]
    assert owner.http.delete(f"/api/leads/{lead_id}").status_code == 409
    assert organisation.person("marketing_manager").http.delete(path).status_code == 403
    gone = owner.http.delete(f"{path}/messages/{message_id}")
    assert (gone.status_code, gone.json()["message_id"]) == (200, message_id)
    for one in (path, f"/api/leads/{lead_id}"):
        assert owner.http.delete(one).status_code == 200
        assert owner.http.delete(one).status_code == 404
