"""Members over HTTP: a file goes in, batches go out, invalid records come back replaced one for one."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from member_files import members, upload, workbook
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
    return admin.http.post("/api/products", json={"name": "LIGA2000"}).json()["product_id"]


def a_database(admin: Person, product_id: int, count: int, path="memberwd") -> int:
    answer = upload(admin, workbook(members(count)), uuid4().hex, product_id, path)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def counts(admin: Person, database_id: int, path="memberwd") -> tuple[int, ...]:
    """available, assigned, archived, excluded; they are all there is."""
    found = admin.http.get(f"/api/{path}/databases/{database_id}").json()
    parts = tuple(found[f"{state}_count"] for state in ("available", "assigned", "archived", "excluded"))
    assert sum(parts) + found["requested_count"] == found["total_records"]
    return parts


def cards(staff: Person, path="memberwd") -> dict[int, dict]:
    items = staff.http.get(f"/api/{path}/staff/batches").json()["items"]
    return {card["batch_id"] or card["database_id"]: card for card in items}


def test_a_workbook_becomes_a_database_of_records(organisation, admin, product_id):
    rows = members(150)
    content = workbook(rows)  # once: a workbook says when it was made
    answer = upload(admin, content, "Liga one", product_id)
    assert answer.status_code == 201
    body = answer.json()
    assert body["name"] == "Liga one"
    assert body["product_name"] == "LIGA2000"
    assert body["columns"] == ["username", "name", "telpon", "rekening"]
    assert (body["total_records"], body["reserved_count"]) == (150, 0)
    assert body["import"]["status"] == "completed"

    found, cursor = [], None
    while True:
        query = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = admin.http.get(f"/api/memberwd/databases/{body['id']}/records", params=query).json()
        found += page["items"]
        if (cursor := page["next"]) is None:
            break
    assert [record["row_number"] for record in found] == list(range(1, 151))
    assert [tuple(record["row_data"][c] for c in body["columns"]) for record in found] == rows
    assert {record["status"] for record in found} == {"available"}
    assert found[0]["customer_id"] == rows[0][0]

    again = upload(admin, content, "Liga one", product_id)
    assert again.status_code == 200
    assert again.json()["id"] == body["id"]
    other = upload(admin, content, "No member is new", product_id, file="copy.csv")
    assert problem(other)["code"] == "import.type", "a workbook that calls itself CSV is none"


def test_rows_that_are_there_already_are_skipped_and_no_empty_list_is_left(admin, product_id):
    rows = members(3)
    first = upload(admin, workbook(rows), "first", product_id).json()
    text = "username,name,telpon,rekening\n" + "".join(f"{','.join(row)}\n" for row in rows)
    second = upload(admin, text.encode(), "second", product_id, file="m.csv").json()
    assert (second["id"], second["total_records"]) == (None, 0)
    assert (second["import"]["status"], second["import"]["skipped_rows"]) == ("completed", 3)
    third = upload(
        admin, (text + f"{uuid4().hex},New,wa.me/62840,'01\n").encode(), "third", product_id, file="m.csv"
    ).json()
    assert third["total_records"] == 1
    names = [d["name"] for d in admin.http.get("/api/memberwd/databases?limit=100").json()["items"]]
    assert "first" in names
    assert "second" not in names
    assert first["id"] != third["id"]


@pytest.mark.parametrize(
    ("data", "status", "expected"),
    [
        ({"name": "x"}, 422, {"product_id": "request.missing"}),
        ({"name": "x", "product_id": "999999999"}, 404, "product.not_found"),
        ({"name": "x", "product_id": "one"}, 422, {"product_id": "request.integer"}),
        ({"name": " ", "product_id": "PRODUCT"}, 422, {"name": "member_records.name.required"}),
        ({"name": "x", "product_id": "PRODUCT", "who": "me"}, 422, {"who": "request.extra_forbidden"}),
    ],
)
def test_an_upload_says_what_is_missing_or_wrong(organisation, admin, product_id, data, status, expected):
    """Member case 13."""
    data = {name: str(product_id) if value == "PRODUCT" else value for name, value in data.items()}
    before = organisation.count("ingest.imports")
    answer = admin.http.post(
        "/api/memberwd/upload", data=data, files={"file": ("m.xlsx", workbook(members(1)))}
    )
    assert answer.status_code == status
    if isinstance(expected, dict):
        assert expected.items() <= codes(answer).items()
    else:
        assert problem(answer)["code"] == expected
    assert organisation.count("ingest.imports") == before


def test_a_file_of_another_type_is_refused(admin, product_id):
    """Member case 13: a .txt file, in any module."""
    for path in ("memberwd", "bonanza"):
        answer = upload(admin, b"username\nx\n", "x", product_id, path, file="m.txt")
        assert answer.status_code == 415
        assert problem(answer)["code"] == "import.type"


def test_batches_are_handed_out_marked_processed_and_stay_as_large(organisation, admin, product_id):
    staff = organisation.person("staff", "SAL")
    other_product = admin.http.post("/api/products", json={"name": uuid4().hex}).json()["product_id"]
    databases = [a_database(admin, product_id, 30), a_database(admin, other_product, 30)]
    batches = {}
    for database_id, quantity in zip(databases, (10, 8), strict=True):
        answer = admin.http.post(
            "/api/memberwd/assign-random",
            json={"database_id": database_id, "staff_id": str(staff.user_id), "quantity": quantity},
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["remaining_eligible"] == 30 - quantity
        batches[answer.json()["batch_id"]] = (database_id, quantity)

    for batch_id, card in cards(staff).items():
        chosen = [record["record_id"] for record in card["records"]][: 3 if batch_id == min(batches) else 2]
        marked = staff.http.post(
            "/api/memberwd/staff/validate", json={"record_ids": chosen, "is_valid": False, "reason": "dead"}
        )
        assert marked.json()["updated_count"] == len(chosen)
        assert marked.json()["auto_replaced"] == 0
    waiting = admin.http.get("/api/memberwd/admin/invalid").json()
    assert [s["invalid_count"] for s in waiting["items"] if s["staff_id"] == str(staff.user_id)] == [5]

    path = f"/api/memberwd/admin/process-invalid/{staff.user_id}"
    done = admin.http.post(path, json={"auto_assign_quantity": 5}, headers={"Idempotency-Key": "once"})
    assert done.status_code == 200, done.text
    assert (done.json()["archived_count"], done.json()["new_assigned_count"]) == (5, 5)
    repeated = admin.http.post(path, json={"auto_assign_quantity": 5}, headers={"Idempotency-Key": "once"})
    assert repeated.headers["idempotency-replayed"] == "true"
    assert repeated.content == done.content
    nothing = admin.http.post(path, json={})
    assert nothing.status_code == 404
    assert problem(nothing)["code"] == "records.none_invalid"

    after = cards(staff)
    for batch_id, (database_id, quantity) in batches.items():
        assert after[batch_id]["current_count"] == quantity == len(after[batch_id]["records"])
        assert after[batch_id]["database_id"] == database_id
        replacements = [r for r in after[batch_id]["records"] if r["auto_replaced"]]
        assert all(len(r["replaced_invalid_ids"]) == 1 for r in replacements)
    assert sum(len(r["replaced_invalid_ids"]) for c in after.values() for r in c["records"]) == 5
    assert counts(admin, databases[0]) == (17, 10, 3, 0)
    assert counts(admin, databases[1]) == (20, 8, 2, 0)

    archived = admin.http.get(f"/api/memberwd/admin/archived?database_id={databases[0]}").json()["items"]
    assert {record["batch_id"] for record in archived} == {min(batches)}
    ids = [record["record_id"] for record in archived]
    assert admin.http.post("/api/memberwd/admin/archived/restore", json={"record_ids": ids[:1]}).json() == {
        "restored_count": 1
    }
    assert admin.http.post("/api/memberwd/admin/archived/delete", json={"record_ids": ids}).json() == {
        "deleted_count": 2
    }
    assert counts(admin, databases[0]) == (18, 10, 0, 0)


def test_invalid_records_are_replaced_at_once_where_that_is_switched_on(organisation, product_id):
    """Its own organisation: settings are an organisation's."""
    other = Organisation(organisation.admin_url, organisation.bff)
    admin, staff = other.person("master_admin", "DIR"), other.person("staff", "SAL")
    product = admin.http.post("/api/products", json={"name": "P"}).json()["product_id"]
    changed = admin.http.put("/api/memberwd/admin/settings", json={"auto_replace_invalid": True})
    assert changed.json() == {"auto_replace_invalid": True, "max_replacements_per_batch": 10}
    database_id = a_database(admin, product, 10)
    admin.http.post(
        "/api/memberwd/assign-random",
        json={"database_id": database_id, "staff_id": str(staff.user_id), "quantity": 5},
    )
    (card,) = cards(staff).values()
    done = staff.http.post(
        "/api/memberwd/staff/validate",
        json={"record_ids": [r["record_id"] for r in card["records"]][:2], "is_valid": False},
    ).json()
    assert (done["auto_replaced"], done["replacement_failed"]) == (2, 0)
    (after,) = cards(staff).values()
    assert (after["batch_id"], after["active_count"]) == (card["batch_id"], 5)
    assert counts(admin, database_id) == (3, 5, 2, 0)
    # The other organisation's database is not there.
    stranger = organisation.person("master_admin", "DIR")
    assert stranger.http.get(f"/api/memberwd/databases/{database_id}").status_code == 404
    other.close()


def test_reserved_customers_are_excluded_from_the_upload_on(organisation, admin, product_id):
    """Member case 16: in any column, in any case of letters."""
    rows = members(5)
    for customer in (rows[0][0].upper(), f"  {rows[1][2]} "):
        organisation.sql(
            "select members.add_reservation(%s, %s, %s, %s, null, true)",
            organisation.org_id,
            product_id,
            customer,
            organisation.person("staff", "SAL").user_id,
        )
    answer = upload(admin, workbook(rows), "reserved", product_id).json()
    assert (answer["total_records"], answer["reserved_count"]) == (5, 2)
    assert counts(admin, answer["id"]) == (3, 0, 0, 2)
    refused = admin.http.post(
        "/api/memberwd/assign-random",
        json={"database_id": answer["id"], "staff_id": str(admin.user_id), "quantity": 4},
    )
    assert problem(refused)["code"] == "staff.not_found", "an admin works on no records"
    staff = organisation.person("salesperson", "SAL")
    refused = admin.http.post(
        "/api/memberwd/assign-random",
        json={"database_id": answer["id"], "staff_id": str(staff.user_id), "quantity": 4},
    )
    assert refused.status_code == 409
    assert problem(refused)["code"] == "records.too_few_eligible"
    assert "3" in problem(refused)["detail"]


def test_a_badge_counts_what_came_since_one_looked(organisation, admin, product_id):
    """Member case 155."""
    staff = organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 5)
    wanted = {"database_id": database_id, "staff_id": str(staff.user_id), "quantity": 3}
    assert admin.http.post("/api/memberwd/assign-random", json=wanted).status_code == 200
    assert staff.http.get("/api/member-badges").json() == {"normal": 0, "memberwd": 3, "bonanza": 0}
    assert admin.http.get("/api/member-badges").json()["memberwd"] == 0
    assert staff.http.post("/api/member-badges/viewed", json={"page": "memberwd"}).status_code == 200
    assert staff.http.get("/api/member-badges").json()["memberwd"] == 0
    assert staff.http.post("/api/member-badges/viewed", json={"page": "omset"}).status_code == 422


def test_bonanza_does_the_same_by_database(organisation, admin, product_id):
    staff = organisation.person("staff", "SAL")
    database_id = a_database(admin, product_id, 10, "bonanza")
    given = admin.http.post(
        "/api/bonanza/assign-random",
        json={"database_id": database_id, "staff_id": str(staff.user_id), "quantity": 4},
    ).json()
    assert given["batch_id"] is None
    (card,) = cards(staff, "bonanza").values()
    ids = [record["record_id"] for record in card["records"]]
    staff.http.post("/api/bonanza/staff/validate", json={"record_ids": ids[:2], "is_valid": False})
    done = admin.http.post(f"/api/bonanza/admin/process-invalid/{staff.user_id}", json={}).json()
    assert (done["archived_count"], done["new_assigned_count"]) == (2, 2)
    assert admin.http.get(f"/api/memberwd/databases/{database_id}").status_code == 404
    recalled = admin.http.post("/api/bonanza/admin/recall", json={"record_ids": ids[2:]}).json()
    assert recalled == {"recalled_count": 2, "closed_batch_ids": []}
    assert counts(admin, database_id, "bonanza") == (6, 2, 2, 0)
    assert admin.http.delete(f"/api/bonanza/databases/{database_id}").status_code == 200
    assert admin.http.get(f"/api/bonanza/databases/{database_id}").status_code == 404
    assert cards(staff, "bonanza") == {}


def test_products_have_each_name_once_and_go_when_nothing_refers_to_them(organisation, admin, product_id):
    assert (
        problem(admin.http.post("/api/products", json={"name": "liga2000"}))["code"]
        == "product.name.duplicate"
    )
    assert problem(admin.http.delete(f"/api/products/{product_id}"))["code"] == "product.in_use"
    unused = admin.http.post("/api/products", json={"name": uuid4().hex}).json()["product_id"]
    assert admin.http.delete(f"/api/products/{unused}").status_code == 200
    assert admin.http.delete(f"/api/products/{unused}").status_code == 404
    names = [p["name"] for p in organisation.person("staff", "SAL").http.get("/api/products").json()["items"]]
    assert "LIGA2000" in names


@pytest.mark.parametrize(
    "role", ["staff", "salesperson", "director", "marketing_manager", "exim_ops", "finance"]
)
def test_who_may_not_gets_403_and_changes_nothing(organisation, admin, product_id, role):
    person = organisation.person(role, "SAL")
    before = organisation.count("members.records"), organisation.count("members.assignments")
    for answer in (
        upload(person, workbook(members(1)), "x", product_id),
        person.http.post("/api/products", json={"name": "x"}),
        person.http.post("/api/memberwd/assign-random", json={}),
        person.http.post("/api/memberwd/admin/recall", json={}),
        person.http.post(f"/api/memberwd/admin/process-invalid/{uuid4()}", json={}),
        person.http.put("/api/memberwd/admin/settings", json={}),
        person.http.delete("/api/memberwd/databases/1"),
    ):
        assert answer.status_code == 403, answer.request.url
        assert problem(answer)["code"] == "permission.denied"
    assert (organisation.count("members.records"), organisation.count("members.assignments")) == before


def test_members_are_found(organisation, admin, product_id):
    """Member case 157: literally, in any value (LD-31), and nobody else's."""
    one, other = organisation.person("staff", "SAL"), organisation.person("staff", "SAL")
    rows = [(f"{name}{i}", f"100% {i}", f"wa.me/6284{i}", "") for i, name in enumerate(("ayu.", "ayub"))]
    database_id = upload(admin, workbook(rows), "found", product_id).json()["id"]
    listed = admin.http.get(f"/api/memberwd/databases/{database_id}/records", params={"search": "AYU."})
    assert [record["customer_id"] for record in listed.json()["items"]] == ["ayu.0"]
    body = {"database_id": database_id, "staff_id": str(one.user_id), "quantity": 2}
    admin.http.post("/api/memberwd/assign-random", json=body).raise_for_status()

    def found(person: Person, word: str, kind: str = "records") -> list[str]:
        answer = person.http.get("/api/member-search", params={"q": word})
        assert answer.status_code == 200, answer.text
        return sorted(hit["customer_id" if kind == "records" else "name"] for hit in answer.json()[kind])

    assert found(one, "%") == ["ayu.0", "ayub1"]
    assert found(one, ".0") == ["ayu.0"]
    assert found(other, "%") == []
    assert found(admin, "100% 1") == ["ayub1"]
    assert found(admin, "found", "databases") == ["found"]
    staff = {person: person.http.get("/api/member-search?q=@").json()["people"] for person in (one, admin)}
    assert staff[one] == []
    assert staff[admin]
    assert codes(admin.http.get("/api/member-search?q=")) == {"q": "request.string_too_short"}


def test_a_database_says_whether_its_numbers_fit(organisation, admin, product_id):
    database_id = a_database(admin, product_id, 5)
    health = admin.http.get(f"/api/memberwd/databases/{database_id}/health").json()
    assert health["is_healthy"]
    assert (health["kept"]["total_records"], health["counted"]["total"]) == (5, 5)
    assert admin.http.get(f"/api/bonanza/databases/{database_id}/health").status_code == 404


def test_a_file_without_a_header_is_told_so(admin, product_id):
    rows = members(3)
    answer = upload(admin, workbook(rows[1:], header=rows[0]), "headless", product_id).json()
    assert (answer["total_records"], answer["warnings"]) == (2, ["header.unknown"])


def test_eight_uploads_of_one_file_at_once_are_one_database(organisation, admin, product_id):
    content = workbook(members(40))
    before = organisation.count("members.databases")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: upload(admin, content, "eight", product_id), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert organisation.count("members.databases") == before + 1
    done = upload(admin, content, "eight", product_id).json()
    assert done["total_records"] == 40
