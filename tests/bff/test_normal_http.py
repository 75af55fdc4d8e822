"""Normal databases over HTTP: a file goes in, staff ask for records, admins or a switch decide."""

import csv
import io
import json
from uuid import uuid4

import pytest
from member_files import members, workbook
from organisation import Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation) -> Person:
    return organisation.person("admin", "SAL")


@pytest.fixture(scope="module")
def product_id(admin) -> int:
    return admin.http.post("/api/products", json={"name": "PUCUK33"}).json()["product_id"]


def upload(person: Person, product: object, content: bytes, file="m.xlsx", **more: str):
    return person.http.post(
        "/api/databases", data={"product_id": str(product), **more}, files={"file": (file, content)}
    )


def a_database(admin: Person, product_id: int, count: int) -> int:
    answer = upload(admin, product_id, workbook(members(count)), name=uuid4().hex)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def states(admin: Person, database_id: int) -> tuple[int, ...]:
    """available, requested, assigned."""
    found = admin.http.get(f"/api/databases/{database_id}").json()
    return tuple(found[f"{state}_count"] for state in ("available", "requested", "assigned"))


def ask(staff: Person, database_id: int, count: int, **headers: str):
    body = {"database_id": database_id, "record_count": count}
    return staff.http.post("/api/download-requests", json=body, headers=headers)


def test_a_file_becomes_a_database_that_everybody_finds(organisation, admin, product_id):
    """Member cases 13, 14."""
    rows = members(150)
    answer = upload(admin, product_id, workbook(rows), file="tes db 1.xlsx", description="first of all")
    assert answer.status_code == 201, answer.text
    assert answer.json()["total_records"] == 150
    database_id = answer.json()["id"]
    staff = organisation.person("staff", "SAL")
    for person, path in ((admin, "/api/databases"), (staff, "/api/databases/with-stats")):
        (found,) = [d for d in person.http.get(path).json()["items"] if d["database_id"] == database_id]
        assert found["name"] == "tes db 1.xlsx", "called like its file"
        assert (found["description"], found["product_name"]) == ("first of all", "PUCUK33")
        assert (found["total_records"], found["available_count"], found["auto_approve"]) == (150, 150, None)
        preview = [tuple(row[c] for c in found["columns"]) for row in found["preview"]]
        assert preview == (rows[:5] if person is admin else []), (
            "members are not shown to those who have none"
        )
    text = "username,telpon\n" + "".join(f"{row[0]}x,{row[2]}\n" for row in rows[:3])
    assert upload(admin, product_id, text.encode(), file="m.csv").json()["total_records"] == 3
    assert problem(upload(admin, product_id, b"username\nx\n", file="m.txt"))["code"] == "import.type"
    assert problem(upload(admin, 999999999, workbook(members(1))))["code"] == "product.not_found"
    without = admin.http.post("/api/databases", files={"file": ("m.xlsx", workbook(members(1)))})
    assert codes(without) == {"product_id": "request.missing"}
    assert upload(staff, product_id, workbook(members(1))).status_code == 403


def test_records_are_asked_for_and_given_all_or_none(organisation, admin, product_id):
    """Member cases 19, 20, 21, 27, 28."""
    staff = organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 20)
    assert problem(ask(admin, database_id, 1))["code"] == "permission.denied"
    refused = ask(staff, database_id, 21)
    assert (refused.status_code, problem(refused)["code"]) == (409, "records.too_few_eligible")
    assert "20 available" in problem(refused)["detail"]
    assert codes(ask(staff, database_id, 0)) == {"record_count": "requests.record_count.range"}

    made = ask(staff, database_id, 12, **{"Idempotency-Key": "twelve"})
    assert made.status_code == 201, made.text
    again = ask(staff, database_id, 12, **{"Idempotency-Key": "twelve"})
    assert again.content == made.content
    assert again.headers["idempotency-replayed"] == "true"
    assert states(admin, database_id) == (8, 12, 0)
    path = f"/api/download-requests/{made.json()['request_id']}"
    assert staff.http.patch(f"{path}/approve").status_code == 403
    approved = admin.http.patch(f"{path}/approve")
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert states(admin, database_id) == (8, 0, 12)
    assert problem(admin.http.patch(f"{path}/reject"))["code"] == "request.not_pending"
    asked_for = staff.http.get(path).json()["record_ids"]
    page = staff.http.get(f"/api/databases/{database_id}/records?status=assigned").json()["items"]
    assert sorted(record["record_id"] for record in page) == sorted(asked_for)
    assert problem(staff.http.get(f"{path}/download")) | {"instance": ""} == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "code": "request.download_gone",
        "detail": problem(staff.http.get(f"{path}/download"))["detail"],
        "instance": "",
    }
    other = organisation.person("salesperson", "SAL")
    assert other.http.get(path).status_code == 404
    rejected = ask(other, database_id, 8).json()["request_id"]
    assert admin.http.patch(f"/api/download-requests/{rejected}/reject").json()["status"] == "rejected"
    assert states(admin, database_id) == (8, 0, 12)


def test_many_requests_are_decided_at_once(organisation, admin, product_id):
    """Member case 26."""
    database_id = a_database(admin, product_id, 30)
    staff = [organisation.person("staff", "SAL") for _ in range(3)]
    made = [ask(person, database_id, 5).json()["request_id"] for person in staff]
    done = admin.http.post("/api/download-requests/bulk-approve", json={"request_ids": made[:2]})
    assert done.json() == {"approved": made[:2], "skipped": []}
    done = admin.http.post("/api/download-requests/bulk-reject", json={"request_ids": made})
    assert done.json()["rejected"] == made[2:]
    assert [skipped["request_id"] for skipped in done.json()["skipped"]] == made[:2]
    assert states(admin, database_id) == (20, 0, 10)
    mine = staff[0].http.get("/api/download-requests").json()["items"]
    assert [r["request_id"] for r in mine] == made[:1]
    numbers = admin.http.get("/api/download-requests/stats").json()
    assert numbers["today"] == numbers["total"]
    first = admin.http.get("/api/download-requests?limit=1&status=approved").json()
    second = admin.http.get(f"/api/download-requests?limit=1&status=approved&cursor={first['next']}").json()
    assert [p["items"][0]["request_id"] for p in (first, second)] == [made[1], made[0]]


def test_requests_are_approved_at_once_where_that_is_switched_on(organisation):
    """Member cases 22, 23; its own organisation: settings are an organisation's."""
    other = Organisation(organisation.admin_url, organisation.bff)
    admin, staff = other.person("admin", "SAL"), other.person("staff", "SAL")
    product = admin.http.post("/api/products", json={"name": "P"}).json()["product_id"]
    free, manual = a_database(admin, product, 20), a_database(admin, product, 20)
    assert admin.http.put(f"/api/databases/{manual}/auto-approve", json={"auto_approve": False}).json() == {
        "database_id": manual,
        "auto_approve": False,
    }
    toggled = admin.http.post(f"/api/databases/{free}/auto-approve/toggle").json()
    assert toggled["auto_approve"] is True
    assert ask(staff, free, 1).json()["status"] == "pending"
    settings = {"enabled": True, "max_records_per_request": 5}
    assert admin.http.put("/api/download-requests/settings", json=settings).json() == settings
    assert admin.http.get("/api/download-requests/settings").json() == settings
    got = [ask(staff, *wish).json()["status"] for wish in ((free, 5), (free, 6), (manual, 1))]
    assert got == ["approved", "pending", "pending"]
    assert admin.http.put(
        "/api/download-requests/settings", json={"max_records_per_request": None}
    ).json() == {"enabled": True, "max_records_per_request": None}
    assert ask(staff, free, 7).json()["reviewed_by_name"] == "Auto-Approved"
    other.close()


def test_invalid_records_are_replaced_in_their_batch_here_too(organisation, admin, product_id):
    """One invalid, one replacement, in all three modules."""
    staff = organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 20)
    request_id = ask(staff, database_id, 10).json()["request_id"]
    admin.http.patch(f"/api/download-requests/{request_id}/approve")
    records = staff.http.get(f"/api/databases/{database_id}/records").json()["items"]
    chosen = [record["record_id"] for record in records[:3]]
    marked = staff.http.post("/api/databases/staff/validate", json={"record_ids": chosen, "is_valid": False})
    assert marked.json()["updated_count"] == 3
    done = admin.http.post(f"/api/databases/admin/process-invalid/{staff.user_id}", json={}).json()
    assert (done["archived_count"], done["new_assigned_count"]) == (3, 3)
    after = staff.http.get(f"/api/databases/{database_id}/records?status=assigned").json()["items"]
    assert len(after) == 10
    assert len({record["batch_id"] for record in after}) == 1
    replaced = sorted(i for record in after for i in record["replaced_invalid_ids"])
    assert replaced == sorted(chosen)


def test_staff_work_with_what_they_were_given(organisation, admin, product_id):
    """Member cases 29, 31, 33 to 35, over HTTP."""
    staff, other = organisation.person("staff", "SAL"), organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 20)
    request_id = ask(staff, database_id, 10).json()["request_id"]
    admin.http.patch(f"/api/download-requests/{request_id}/approve")
    mine = staff.http.get("/api/my-assigned-records", params={"product_id": product_id}).json()["items"]
    assert len(mine) == 10
    assert mine[0]["whatsapp_link"].startswith("https://wa.me/62840")
    first = f"/api/customer-records/{mine[0]['record_id']}"
    answer = staff.http.patch(f"{first}/whatsapp-status", json={"whatsapp_status": "ada"})
    assert (answer.status_code, answer.json()["whatsapp_status"]) == (200, "ada")
    assert answer.json()["whatsapp_status_updated_at"] is not None
    assert staff.http.patch(f"{first}/respond-status", json={"respond_status": "ya"}).status_code == 200
    cleared = staff.http.patch(f"{first}/respond-status", json={"respond_status": None}).json()
    assert cleared["respond_status"] is None
    assert cleared["respond_status_updated_at"] is not None
    wrong = staff.http.patch(f"{first}/whatsapp-status", json={"whatsapp_status": "xyz"})
    assert (wrong.status_code, codes(wrong)) == (
        422,
        {"whatsapp_status": "records.whatsapp_status.unknown"},
    )
    assert other.http.patch(f"{first}/whatsapp-status", json={"whatsapp_status": "ada"}).status_code == 404
    several = [record["record_id"] for record in mine[1:5]]
    many = staff.http.patch(
        "/api/customer-records/bulk-status", json={"record_ids": several, "whatsapp_status": "tidak"}
    )
    assert many.json() == {"updated_count": 4, "skipped": []}

    title = staff.http.patch(f"/api/my-request-batches/{request_id}/title", json={"custom_title": "Monday"})
    assert title.json() == {"id": str(request_id), "custom_title": "Monday"}
    pinned = staff.http.patch(f"/api/my-request-batches/{request_id}/pin", json={"is_pinned": True})
    assert pinned.json()["is_pinned"] is True
    path = f"/api/my-request-batches/{request_id}"
    assert other.http.patch(f"{path}/title", json={"custom_title": "x"}).status_code == 404
    (batch,) = staff.http.get("/api/my-request-batches").json()["items"]
    assert (batch["custom_title"], batch["record_count"], batch["ada_count"], batch["tidak_count"]) == (
        "Monday",
        10,
        1,
        4,
    )
    records = staff.http.get(f"{path}/records?limit=6").json()
    rest = staff.http.get(f"{path}/records", params={"limit": 6, "cursor": records["next"]}).json()
    assert len({r["record_id"] for r in records["items"] + rest["items"]}) == 10

    query = {"database_id": database_id, "whatsapp_status": "tidak"}
    listed = admin.http.get("/api/admin/assignments", params=query).json()["items"]
    assert sorted(record["record_id"] for record in listed) == sorted(several)
    progress = admin.http.get(
        "/api/admin/staff-progress", params={"database_id": database_id, "period": "today"}
    ).json()
    (of_staff,) = progress["by_staff"]
    assert (of_staff["quality_rate"], of_staff["check_progress"]) == (20.0, 50.0)
    assert progress["overall"]["in_period"]["records_checked"] == 5
    before = {"period": "custom", "date_from": "2020-01-01", "date_to": "2020-01-02"}
    progress = admin.http.get("/api/admin/staff-progress", params=before).json()
    assert progress["overall"]["in_period"]["records_checked"] == 0
    assert staff.http.get("/api/admin/staff-progress").status_code == 403


def test_records_and_requests_can_be_had_as_files(organisation, admin, product_id):
    """Member §5.25: with every column filled (LD-30), and only what their reader sees (case 159)."""
    staff = organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 12)
    request_id = ask(staff, database_id, 4).json()["request_id"]
    admin.http.patch(f"/api/download-requests/{request_id}/approve")
    query = {"database_id": database_id, "format": "csv"}
    files = {}
    for person in (admin, staff):
        answer = person.http.get("/api/member-records", params=query)
        assert answer.status_code == 200, answer.text
        files[person.user_id] = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (len(files[admin.user_id]), len(files[staff.user_id])) == (12, 4)
    line = files[staff.user_id][0]
    assert (line["status"], line["database_id"], line["product_name"]) == (
        "assigned",
        str(database_id),
        "PUCUK33",
    )
    assert json.loads(line["row_data"])["username"] == line["customer_id"]
    answer = staff.http.get("/api/download-requests?format=xlsx&fields=request_id,status")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    listed = admin.http.get(
        "/api/member-records", params={"database_id": database_id, "status": "assigned"}
    ).json()
    assert [record["customer_id"] for record in listed["items"]] == [
        r["customer_id"] for r in files[staff.user_id]
    ]


def test_bulk_calls_are_counted(organisation, product_id):
    """Ten a minute for each person (decisions §4); a repetition with its key is none."""
    admin, other = organisation.person("admin", "SAL"), organisation.person("admin", "SAL")
    staff = organisation.person("staff", "SAL")

    def add(person: Person, number: int, **headers: str):
        body = {
            "customer_ids": [f"bulk {person.user_id} {number}"],
            "product_id": product_id,
            "staff_id": str(staff.user_id),
        }
        return person.http.post("/api/reserved-members/bulk", json=body, headers=headers)

    keyed = {"Idempotency-Key": "bulk-1"}
    first = add(admin, 0, **keyed)
    assert [add(admin, n).status_code for n in range(1, 10)] == [200] * 9
    assert add(admin, 0, **keyed).content == first.content
    refused = add(admin, 10)
    assert problem(refused)["code"] == "bulk.too_many"
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert add(other, 0).status_code == 200
