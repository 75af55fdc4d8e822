"""The CRM flow over HTTP: handing a lead over, changing it, and what follows from it."""

from uuid import UUID, uuid4

import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def manager(organisation) -> Person:
    return organisation.person("marketing_manager")


@pytest.fixture(scope="module")
def seller(organisation) -> Person:
    return organisation.person("salesperson", "SAL")


def new_lead(person: Person, **more: str) -> dict[str, str]:
    """The answer to a lead of a company that no other lead is of."""
    word = uuid4().hex[:10]
    own = {"company_name": f"PT {word}", "email": f"{word}@x.test", "contact_phone": f"0811{word}1234567"}
    answer = person.http.post("/api/leads", json=LEAD | own | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def assign(person: Person, lead_id: str, owner: UUID, key: str | None = None, **more: str):
    return person.http.post(
        f"/api/leads/{lead_id}/assign",
        json={"new_owner_user_id": str(owner), **more},
        headers={"Idempotency-Key": key} if key else {},
    )


def test_a_lead_is_handed_over_and_its_new_owner_finds_it(manager, seller):
    lead_id = new_lead(manager)["lead_id"]
    assert seller.http.get(f"/api/leads/{lead_id}").status_code == 404
    key = uuid4().hex
    first, again = (assign(manager, lead_id, seller.user_id, key, notes="knows them") for _ in range(2))
    assert first.status_code == 200
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json() | {"prospect_id": None} == {
        "lead_id": lead_id,
        "previous_owner_user_id": None,
        "new_owner_user_id": str(seller.user_id),
        "prospect_id": None,
        "related_tickets_count": 0,
    }
    lead = seller.http.get(f"/api/leads/{lead_id}").json()
    assert lead["sales_owner_user_id"] == str(seller.user_id)
    assert [a["notes"] for a in lead["assignments"]] == ["knows them"]


def test_handing_over_is_refused_with_a_reason(organisation, manager, seller):
    lead_id = new_lead(manager)["lead_id"]
    assert codes(assign(manager, lead_id, manager.user_id)) == {
        "new_owner_user_id": "lead.new_owner_user_id.not_allowed"
    }
    assert codes(assign(manager, lead_id, seller.user_id, status="Closed Won")) == {
        "status": "lead.field.unknown"
    }
    refused = assign(seller, lead_id, seller.user_id)
    assert (refused.status_code, problem(refused)["code"]) == (403, "permission.denied")
    assert assign(manager, "LEADSEM0101010001", seller.user_id).status_code == 404
    organisation.sql("update crm.leads set status = 'Disqualified' where lead_id = %s", lead_id)
    closed = assign(manager, lead_id, seller.user_id)
    assert (closed.status_code, problem(closed)["code"]) == (409, "lead.closed")


def test_a_lead_is_changed_field_by_field(manager, seller):
    lead_id = new_lead(manager)["lead_id"]
    assert assign(manager, lead_id, seller.user_id).status_code == 200
    changed = seller.http.patch(f"/api/leads/{lead_id}", json={"status": "Contacted", "notes": "calls back"})
    assert changed.status_code == 200
    assert (changed.json()["status"], changed.json()["notes"]) == ("Contacted", "calls back")
    assert seller.http.get(f"/api/leads/{lead_id}").json() == changed.json()
    cleared = seller.http.patch(f"/api/leads/{lead_id}", json={"notes": None})
    assert (cleared.json()["status"], cleared.json()["notes"]) == ("Contacted", None)


def test_a_whole_lead_sent_back_changes_no_owner_and_no_link(manager, seller):
    """P33: the original spread whatever came into the row."""
    lead_id = new_lead(manager)["lead_id"]
    whole = manager.http.get(f"/api/leads/{lead_id}").json() | {"sales_owner_user_id": str(seller.user_id)}
    refused = manager.http.patch(f"/api/leads/{lead_id}", json=whole)
    assert refused.status_code == 422
    assert {"sales_owner_user_id", "customer_id", "created_by", "lead_id"} <= set(codes(refused))
    assert manager.http.get(f"/api/leads/{lead_id}").json()["sales_owner_user_id"] is None


def test_a_move_that_is_not_listed_is_a_conflict(manager, seller):
    lead_id = new_lead(manager)["lead_id"]
    refused = manager.http.patch(f"/api/leads/{lead_id}", json={"status": "Closed Won"})
    assert (refused.status_code, problem(refused)["code"]) == (409, "lead.status.transition")
    assert seller.http.patch(f"/api/leads/{lead_id}", json={"status": "Contacted"}).status_code == 404


def test_a_prospect_moves_and_keeps_its_history(manager, seller):
    made = new_lead(manager)
    assert assign(manager, made["lead_id"], seller.user_id).status_code == 200
    path = f"/api/prospects/{made['prospect_id']}"
    moved = seller.http.patch(path, json={"current_stage": "Proposal Sent"})
    assert moved.status_code == 200
    assert [h["to_stage"] for h in moved.json()["stage_history"]] == ["Prospect Created", "Proposal Sent"]
    assert [e["event_type"] for e in moved.json()["events"]] == ["HANDOVER", "STAGE_CHANGED"]
    assert seller.http.get(path).json() == moved.json()
    refused = seller.http.patch(path, json={"current_stage": "Prospect Created"})
    assert (refused.status_code, problem(refused)["code"]) == (409, "prospect.stage.transition")
    stale = seller.http.patch(path, json={"current_stage": "Negotiation", "expected_stage": "Need Analysis"})
    assert (stale.status_code, problem(stale)["code"]) == (409, "prospect.stage.stale")
    listed = seller.http.get("/api/prospects", params={"current_stage": "Proposal Sent"}).json()["items"]
    assert [p["prospect_id"] for p in listed] == [made["prospect_id"]]


def test_somebody_is_made_to_pursue_a_customer(manager, seller):
    word = uuid4().hex[:10]
    customer_id = manager.http.post("/api/customers", json={"company_name": f"PT {word}"}).json()[
        "customer_id"
    ]
    assert seller.http.get(f"/api/customers/{customer_id}").status_code == 404
    wanted = {"customer_id": customer_id, "owner_user_id": str(seller.user_id)}
    assert seller.http.post("/api/prospects", json=wanted).status_code == 404
    first, again = (manager.http.post("/api/prospects", json=wanted) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() | {"is_new": True}
    assert seller.http.get(f"/api/customers/{customer_id}").status_code == 200
    refused = manager.http.post("/api/prospects", json=wanted | {"owner_user_id": str(manager.user_id)})
    assert codes(refused) == {"owner_user_id": "prospect.owner_user_id.not_allowed"}


def test_a_prospect_of_somebody_else_is_not_there(organisation, manager):
    prospect_id = new_lead(manager)["prospect_id"]
    stranger = organisation.person("salesperson", "SAL")
    assert stranger.http.get(f"/api/prospects/{prospect_id}").status_code == 404
    moved = stranger.http.patch(f"/api/prospects/{prospect_id}", json={"current_stage": "Negotiation"})
    assert moved.status_code == 404


def test_a_visit_is_proven_and_logged_once(manager, seller):
    made = new_lead(manager)
    assert assign(manager, made["lead_id"], seller.user_id).status_code == 200
    visit = {"prospect_id": made["prospect_id"], "activity_type": "Visit", "notes": "met the owner"}
    assert codes(seller.http.post("/api/activities", json=visit)) == {
        name: f"activity.{name}.required" for name in ("evidence_photo_url", "gps_lat", "gps_lng")
    }
    proof = {"evidence_photo_url": "https://photos.example/p.jpg?size=l#1", "gps_lat": 0, "gps_lng": 0}
    for address in (
        "photo.jpg",
        "/api/files/1",
        "javascript:alert(1)",
        "https://me:secret@photos.example/p.jpg",
    ):
        refused = seller.http.post("/api/activities", json=visit | proof | {"evidence_photo_url": address})
        assert refused.status_code == 422
        assert codes(refused) == {"evidence_photo_url": "activity.evidence_photo_url.format"}
    key = {"Idempotency-Key": uuid4().hex}
    first, again = (seller.http.post("/api/activities", json=visit | proof, headers=key) for _ in range(2))
    assert first.status_code == 201
    assert first.content == again.content
    listed = seller.http.get("/api/activities", params={"prospect_id": made["prospect_id"]}).json()
    assert listed == {"items": [first.json()], "next": None}


def test_a_visit_is_proven_by_a_photo_that_is_uploaded(organisation, manager, seller):
    """Decisions §1.4, P36: photo and position, wholly over HTTP; whoever sees the visit sees the photo."""
    made = new_lead(manager)
    assert assign(manager, made["lead_id"], seller.user_id).status_code == 200
    picture = ("front of the shop.jpg", b"\xff\xd8\xff\xe0 a picture")
    key = {"Idempotency-Key": made["lead_id"]}
    photo, again = (
        seller.http.post("/api/activities/photos", files={"file": picture}, headers=key) for _ in range(2)
    )
    assert (photo.status_code, again.json()) == (201, photo.json()), photo.text
    visit = {
        "prospect_id": made["prospect_id"],
        "activity_type": "Visit",
        "notes": "met the owner",
        "gps_lat": -6.2,
        "gps_lng": 106.8,
        "photo_id": photo.json()["photo_id"],
    }
    kept = seller.http.post("/api/activities", json=visit)
    assert kept.status_code == 201, kept.text
    assert kept.json()["evidence_photo_url"] == f"/api/files/{photo.json()['file_id']}"
    for person in (seller, manager):
        assert person.http.get(kept.json()["evidence_photo_url"]).content == picture[1]
    stranger = organisation.person("salesperson", "SAL")
    assert stranger.http.get(kept.json()["evidence_photo_url"]).status_code == 404
    assert stranger.http.post("/api/activities", json=visit).status_code == 404
    used = seller.http.post("/api/activities", json=visit)
    assert (used.status_code, problem(used)["code"]) == (409, "activity.photo.used")

    sheet = seller.http.post("/api/activities/photos", files={"file": ("a.csv", b"a,b")})
    assert (sheet.status_code, codes(sheet)) == (415, {"file": "activity.photo.type"})
    refused = organisation.person("finance", "FIN").http.post(
        "/api/activities/photos", files={"file": picture}
    )
    assert (refused.status_code, problem(refused)["code"]) == (403, "permission.denied")
    assert organisation.count("crm.activity_photos") == 1


def test_a_plan_is_completed_by_who_made_it(manager, seller):
    made = new_lead(manager)
    assert assign(manager, made["lead_id"], seller.user_id).status_code == 200
    plan = {"lead_id": made["lead_id"], "activity_type": "call", "notes": "x", "scheduled_on": "2999-01-01"}
    planned = seller.http.post("/api/activities", json=plan).json()
    path = f"/api/activities/{planned['activity_id']}/complete"
    assert manager.http.post(path, json={}).status_code == 403
    done = seller.http.post(path, json={"outcome": "reached"})
    assert (done.status_code, done.json()["outcome"]) == (200, "reached")
    assert done.json()["completed_at"] is not None
    again = seller.http.post(path, json={})
    assert (again.status_code, problem(again)["code"]) == (409, "activity.completed")
    assert seller.http.get("/api/activities", params={"is_open": "true"}).json()["items"] == []
