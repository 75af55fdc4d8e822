"""Reserved members over HTTP: asked for, approved, moved, deleted, and what becomes of others' records."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from organisation import Organisation, Person, codes, problem
from test_members_http import members, upload, workbook

PATH = "/api/reserved-members"


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation) -> Person:
    return organisation.person("admin", "SAL")


@pytest.fixture(scope="module")
def one(organisation) -> Person:
    return organisation.person("staff", "SAL")


@pytest.fixture(scope="module")
def two(organisation) -> Person:
    return organisation.person("staff", "SAL")


@pytest.fixture(scope="module")
def product_id(admin) -> int:
    return admin.http.post("/api/products", json={"name": "PUCUK33"}).json()["product_id"]


def ask(staff: Person, customer: str, product_id: int, **more: str):
    return staff.http.post(
        PATH, json={"customer_id": customer, "product_id": product_id, "phone_number": "0811"}, headers=more
    )


def add(admin: Person, customer: str, staff: Person, product_id: int, **more: str):
    body = {"customer_id": customer, "product_id": product_id, "staff_id": str(staff.user_id)}
    return admin.http.post(PATH, json=body, headers=more)


def held_by(admin: Person, staff: Person, product_id: int, count: int = 3) -> list[str]:
    """Customers of whom a staff has records."""
    rows = members(count)
    made = upload(admin, workbook(rows), uuid4().hex, product_id).json()
    body = {"database_id": made["id"], "staff_id": str(staff.user_id), "quantity": count}
    assert admin.http.post("/api/memberwd/assign-random", json=body).status_code == 200
    return [row[0] for row in rows]


def exported(person: Person, path: str, **query: str) -> list[dict[str, str]]:
    answer = person.http.get(path, params={"format": "csv", **query})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8", answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_request_is_approved_and_others_records_are_flagged(admin, one, two, product_id):
    customer, *_ = held_by(admin, two, product_id)
    asked = ask(one, customer, product_id)
    assert asked.status_code == 201
    assert asked.json()["status"] == "pending"
    assert admin.http.get(f"{PATH}/pending-count").json()["pending_count"] >= 1

    reservation = asked.json()["reservation_id"]
    approved = admin.http.patch(f"{PATH}/{reservation}/approve").json()
    assert approved["status"] == "approved"
    assert (approved["invalidated_records"], approved["notified_staff_count"]) == (1, 1)
    (taken,) = two.http.get("/api/memberwd/staff/taken").json()["items"]
    assert taken["customer_id"] == customer
    assert two.http.get("/api/bonanza/staff/taken").json()["items"] == []
    assert two.http.get("/api/customer-records/taken").json()["items"] == []

    listed = two.http.get(PATH, params={"status": "approved", "staff_id": str(one.user_id)}).json()["items"]
    assert customer in [item["customer_id"] for item in listed]

    deleted = admin.http.delete(f"{PATH}/{reservation}").json()
    assert deleted == {"reservation_id": reservation, "is_archived": True, "restored_records": 1}
    assert two.http.get("/api/memberwd/staff/taken").json()["items"] == []


def test_a_customer_is_one_staffs_and_the_answer_says_whose(admin, one, two, product_id):
    assert add(admin, "Only One", one, product_id).status_code == 201
    refused = problem(ask(two, "only one ", product_id))
    assert (refused["status"], refused["code"]) == (409, "reservation.duplicate")
    assert "is reserved by" in refused["detail"]


def test_staff_ask_and_decide_nothing(admin, one, product_id):
    reservation = ask(one, "to decide", product_id).json()["reservation_id"]
    for method, path in (
        ("PATCH", f"/{reservation}/approve"),
        ("PATCH", f"/{reservation}/reject"),
        ("PATCH", f"/{reservation}/permanent"),
        ("DELETE", f"/{reservation}"),
    ):
        assert problem(one.http.request(method, PATH + path))["status"] == 403
    assert codes(one.http.post(PATH, json={"customer_id": "x", "product_id": product_id})) == {
        "phone_number": "reservation.phone_number.required"
    }
    assert admin.http.patch(f"{PATH}/{reservation}/reject").json()["status"] == "rejected"
    assert problem(admin.http.patch(f"{PATH}/{reservation}/reject"))["status"] == 404


def test_a_repetition_with_its_key_reserves_once(admin, one, product_id):
    first = add(admin, "once", one, product_id, **{"Idempotency-Key": "k1"})
    again = add(admin, "once", one, product_id, **{"Idempotency-Key": "k1"})
    assert first.status_code == again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content


def test_a_toggle_with_its_key_flips_once(admin, one, product_id):
    reservation = add(admin, "permanent", one, product_id).json()["reservation_id"]
    for _ in range(2):
        answer = admin.http.patch(f"{PATH}/{reservation}/permanent", headers={"Idempotency-Key": "p1"})
        assert answer.json()["is_permanent"] is True


def test_many_at_once_move_and_come_back(admin, one, two, product_id):
    names = [uuid4().hex for _ in range(5)]
    body = {"customer_ids": [*names, names[0].upper()], "product_id": product_id}
    made = admin.http.post(f"{PATH}/bulk", json=body | {"staff_id": str(one.user_id)}).json()
    assert (made["added_count"], made["skipped_count"]) == (5, 0)
    again = admin.http.post(f"{PATH}/bulk", json=body | {"staff_id": str(two.user_id)}).json()
    assert (again["added_count"], again["skipped_count"]) == (0, 5)
    assert {skip["reserved_by"] for skip in again["skipped"]} == {str(one.user_id)}

    reservation = made["added"][0]["reservation_id"]
    moved = admin.http.patch(f"{PATH}/{reservation}/move", json={"new_staff_id": str(two.user_id)}).json()
    assert moved["staff_id"] == str(two.user_id)
    admin.http.delete(f"{PATH}/{reservation}")
    (archived,) = [
        item
        for item in admin.http.get(f"{PATH}/deleted", params={"staff_id": str(two.user_id)}).json()["items"]
        if item["customer_id"] == names[0]
    ]
    back = admin.http.post(f"{PATH}/deleted/{archived['deleted_id']}/restore").json()
    assert (back["customer_id"], back["staff_id"], back["status"]) == (
        names[0],
        str(two.user_id),
        "approved",
    )
    assert problem(admin.http.delete(f"{PATH}/deleted/{archived['deleted_id']}"))["status"] == 404


def test_the_conflict_log_is_a_list_numbers_and_a_file(organisation, admin, one, two, product_id):
    evil = "=cmd|calc"
    rows = [(evil, "Name", "wa.me/6284000000099", "'1")]
    made = upload(admin, workbook(rows), "=HYPERLINK()", product_id).json()
    body = {"database_id": made["id"], "staff_id": str(two.user_id), "quantity": 1}
    admin.http.post("/api/memberwd/assign-random", json=body)
    add(admin, evil, one, product_id)

    log = admin.http.get("/api/conflict-log", params={"staff_id": str(two.user_id), "limit": 1}).json()
    assert log["items"][0]["customer_id"] == evil
    assert log["items"][0]["source"] == "Member WD CRM"
    stats = admin.http.get("/api/conflict-log/stats", params={"date_from": "2020-01-01"}).json()
    assert stats["total"] == stats["last_30_days"] >= 1
    assert admin.http.get("/api/conflict-log", params={"date_to": "2020-01-01"}).json()["items"] == []

    lines = exported(admin, "/api/conflict-log")
    assert len(lines) == stats["total"]
    assert lines[0]["customer_id"] == "'=cmd|calc"
    assert lines[0]["database_name"] == "'=HYPERLINK()"
    assert [line["affected_staff_id"] for line in exported(two, "/api/conflict-log")] == [
        line["affected_staff_id"] for line in lines if line["affected_staff_id"] == str(two.user_id)
    ]
    day = lines[0]["invalidated_on"]
    assert len(exported(admin, "/api/conflict-log", date_from=day, date_to=day)) == len(lines)
    assert exported(admin, "/api/conflict-log", date_to="2020-01-01") == []
    assert exported(admin, "/api/conflict-log", staff_id=str(one.user_id)) == []
    stranger = organisation.person("finance", "FIN").http.get("/api/conflict-log?format=csv")
    assert problem(stranger)["status"] == 403
    assert exported(organisation.person("staff", "SAL"), "/api/conflict-log") == []
    mine = exported(one, PATH, status="approved", staff_id=str(one.user_id))
    assert evil in [line["customer_id"].removeprefix("'") for line in mine]


def test_eight_who_want_the_same_customer_get_one(organisation, admin, one, two, product_id):
    customer = uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda n: (
                    ask((one, two)[n % 2], customer, product_id)
                    if n < 4
                    else add(admin, customer.upper(), (one, two)[n % 2], product_id)
                ),
                range(8),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_grace_is_set_previewed_and_run(organisation, admin, one, product_id):
    override = {"product_id": product_id, "grace_days": 3}
    config = {"global_grace_days": 20, "warning_days": 5, "product_overrides": [override]}
    assert admin.http.put(f"{PATH}/config", json=config).json()["product_overrides"] == [
        override | {"product_name": "PUCUK33"}
    ]
    assert problem(admin.http.put(f"{PATH}/config", json={"warning_days": 20}))["status"] == 422
    assert problem(one.http.get(f"{PATH}/config"))["status"] == 403
    assert admin.http.get(f"{PATH}/config").json()["warning_days"] == 5

    customer = uuid4().hex
    reservation = add(admin, customer, one, product_id).json()["reservation_id"]
    organisation.sql(
        "update members.reservations set approved_at = now() - interval '3 days' where reservation_id = %s",
        reservation,
    )
    preview = admin.http.get(f"{PATH}/cleanup/preview", params={"bucket": "expired"}).json()
    assert [item["customer_id"] for item in preview["items"]] == [customer]
    first = admin.http.post(f"{PATH}/cleanup").json()
    assert first["members_removed"] == preview["counts"]["expired"] == 1
    assert admin.http.post(f"{PATH}/cleanup").json() == {"members_removed": 0, "warnings_sent": 0}
    archived = admin.http.get(f"{PATH}/deleted", params={"limit": 1}).json()["items"][0]
    assert (archived["customer_id"], archived["deleted_reason"]) == (customer, "no_deposit")
    assert archived["deleted_by"] is None
