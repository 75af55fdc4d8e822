"""Customers, their people, services and saved views over HTTP."""

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
    return organisation.person("salesperson", "SAL")


def new_customer(person: Person) -> str:
    """The id of a customer that the person owns."""
    word = uuid4().hex[:10]
    own = {
        "company_name": f"PT {word}",
        "email": f"{word}@x.test",
        "contact_phone": f"0811{str(uuid4().int)[:9]}",
        "sales_owner_user_id": str(person.user_id),
    }
    return person.http.post("/api/leads", json=LEAD | own).json()["customer_id"]


def test_a_customer_is_read_changed_and_found_in_the_list(person):
    path = f"/api/customers/{new_customer(person)}"
    before = person.http.get(path).json()
    changed = person.http.patch(path, json={"status": "active", "city": "Bogor", "expected_version": 1})
    assert changed.status_code == 200
    assert changed.json() == before | {
        "status": "active",
        "city": "Bogor",
        "version": 2,
        "updated_at": changed.json()["updated_at"],
    }
    stale = person.http.patch(path, json={"city": "Depok", "expected_version": 1})
    assert (stale.status_code, problem(stale)["code"]) == (409, "customer.version.stale")
    listed = person.http.get("/api/customers", params={"status": "active"}).json()["items"]
    assert [c["customer_id"] for c in listed] == [before["customer_id"]]


def test_ownership_and_credit_do_not_come_in_with_a_customer(person):
    """P33: the original spread whatever came into the row."""
    path = f"/api/customers/{new_customer(person)}"
    refused = person.http.patch(path, json=person.http.get(path).json())
    assert {"customer_id", "owner_ids", "credit_limit", "version"} <= set(codes(refused))


def test_two_customers_do_not_get_one_npwp(person):
    first, second = new_customer(person), new_customer(person)
    spelled = {"npwp": "09.876.543.2-109.000"}
    assert person.http.patch(f"/api/customers/{first}", json=spelled).status_code == 200
    refused = person.http.patch(f"/api/customers/{second}", json={"npwp": "098765432109000"})
    assert refused.status_code == 409
    assert first not in refused.text


def test_people_of_a_customer(organisation, person):
    customer_id = new_customer(person)
    added = person.http.post(
        f"/api/customers/{customer_id}/contacts", json={"full_name": "Boss", "is_primary": True}
    )
    assert added.status_code == 201
    people = person.http.get(f"/api/customers/{customer_id}").json()["contacts"]
    assert [(c["full_name"], c["is_primary"]) for c in people] == [("Boss", True), ("Sari Dewi", False)]
    path = f"/api/contacts/{people[1]['contact_id']}"
    changed = person.http.patch(path, json={"is_primary": True, "title": "Head"})
    assert (changed.json()["is_primary"], changed.json()["title"]) == (True, "Head")
    stranger = organisation.person("salesperson", "SAL")
    assert stranger.http.patch(path, json={"title": "Mine"}).status_code == 404
    assert stranger.http.get(f"/api/customers/{customer_id}").status_code == 404


def test_a_customer_is_made_once(organisation, person):
    """P20: the original's POST /customers knew nothing of the customers that were there."""
    word = uuid4().hex[:10]
    new = {
        "company_name": f"PT {word}",
        "email": f"office@{word}.example",
        "pic_name": "Ani",
        "pic_email": f"ani@{word}.example",
        "city": "Bogor",
    }
    key = {"Idempotency-Key": word}
    made = person.http.post("/api/customers", json=new, headers=key)
    assert (made.status_code, set(made.json())) == (201, {"customer_id", "contact_id", "prospect_id"})
    again = person.http.post("/api/customers", json=new, headers=key)
    assert (again.status_code, again.json()) == (201, made.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    customer_id = made.json()["customer_id"]
    found = person.http.get(f"/api/customers/{customer_id}").json()
    assert (found["pic_name"], found["city"], found["status"]) == ("Ani", "Bogor", "prospect")

    other = person.http.post(
        "/api/customers", json={"company_name": "PT X", "email": new["pic_email"].upper()}
    )
    assert (other.status_code, other.json()["customer_id"]) == (200, customer_id)
    assert other.json()["customer_matched_by"] == "email"
    stranger = organisation.person("salesperson", "SAL")
    hidden = stranger.http.post("/api/customers", json={"company_name": new["company_name"]})
    assert (hidden.status_code, set(hidden.json().values())) == (201, {None})
    assert customer_id not in hidden.text
    refused = organisation.person("finance", "FIN").http.post("/api/customers", json=new)
    assert (refused.status_code, problem(refused)["code"]) == (403, "permission.denied")
    wrong = person.http.post("/api/customers", json=new | {"npwp": "1", "owner_ids": []})
    assert codes(wrong) == {"owner_ids": "customer.field.unknown"}
    assert codes(person.http.post("/api/customers", json=new | {"npwp": "1"})) == {
        "npwp": "customer.npwp.format"
    }


def test_the_service_catalog_is_the_super_admins_to_write(organisation, person):
    owner = organisation.person()
    new = {"service_code": "EXI_RAIL", "service_name": "Rail", "owner_dept": "EXI", "scope_group": "Rail"}
    assert person.http.post("/api/services", json=new).status_code == 403
    assert owner.http.post("/api/services", json=new).json() == new
    twice = owner.http.post("/api/services", json=new)
    assert (twice.status_code, problem(twice)["code"]) == (409, "service.service_code.duplicate")
    path = "/api/services/EXI_RAIL"
    assert owner.http.patch(path, json={"owner_dept": "DTD"}).json() == new | {"owner_dept": "DTD"}
    assert codes(owner.http.patch(path, json={"owner_dept": "HRD"}))["owner_dept"]
    assert new | {"owner_dept": "DTD"} in person.http.get("/api/services").json()["items"]
    asked = person.http.post("/api/leads", json=LEAD | {"service_code": "EXI_RAIL"})
    assert asked.status_code == 201, asked.text
    kept = owner.http.delete(path)
    assert (kept.status_code, problem(kept)["code"]) == (409, "service.in_use")
    assert owner.http.delete("/api/services/DTD_AF").json() == {"service_code": "DTD_AF"}
    assert owner.http.delete("/api/services/DTD_AF").status_code == 404


def test_services_and_saved_views(person):
    services = person.http.get("/api/services", params={"scope_group": "EXIM"}).json()["items"]
    assert {s["owner_dept"] for s in services} == {"EXI"}
    view = {"module": "crm", "view_name": "Hot", "filter_json": {"status": "Proposal"}}
    kept = person.http.post("/api/saved-views", json=view)
    assert kept.status_code == 201
    path = f"/api/saved-views/{kept.json()['view_id']}"
    assert person.http.patch(path, json={"is_default": True}).json()["is_default"] is True
    assert [v["view_name"] for v in person.http.get("/api/saved-views").json()["items"]] == ["Hot"]
    assert person.http.delete(path).status_code == 200
    assert person.http.delete(path).status_code == 404


def test_one_field_finds_what_one_may_see_and_takes_signs_literally(organisation, person):
    customer_id = new_customer(person)
    name = person.http.get(f"/api/customers/{customer_id}").json()["company_name"]
    word = name.split()[1]
    found = person.http.get("/api/search", params={"q": word}).json()["items"]
    assert [(hit["kind"], hit["title"]) for hit in found] == [("customer", name), ("lead", name)]
    for other in ("%%", "__", f"{word[:3]}%{word[4:]}", "' or ''='"):
        assert person.http.get("/api/search", params={"q": other}).json() == {"items": []}
    stranger = organisation.person("exim_ops", "EXI")
    assert stranger.http.get("/api/search", params={"q": word}).json() == {"items": []}
    assert person.http.get("/api/search", params={"q": "a"}).status_code == 422


def test_a_file_of_customers_is_for_who_may_export_and_keeps_the_filter(organisation, person):
    mine = new_customer(person)
    new_customer(organisation.person("salesperson", "SAL"))
    wanted = {"format": "csv", "fields": "customer_id", "owner_user_id": str(person.user_id)}
    file = organisation.person("marketing_manager").http.get("/api/customers", params=wanted)
    assert file.status_code == 200
    assert mine in file.text
    assert len(file.text.split()) == 1 + len(person.http.get("/api/customers").json()["items"])
    refused = person.http.get("/api/customers", params=wanted)
    assert (refused.status_code, problem(refused)["code"]) == (403, "permission.denied")


def test_documents_of_a_customer(organisation, person):
    """P36: files leave for whoever sees the customer, and for nobody else."""
    customer_id = new_customer(person)
    path = f"/api/customers/{customer_id}/documents"
    file = {"file": ("contract.pdf", b"%PDF-1.7 a contract")}
    key = {"Idempotency-Key": uuid4().hex}
    added, again = (person.http.post(path, files=file, headers=key) for _ in range(2))
    assert (added.status_code, added.json()) == (201, again.json()), added.text
    assert person.http.get(path).json() == {"items": [added.json()], "next": None}
    where = f"/api/files/{added.json()['file_id']}"
    assert person.http.get(where).content == file["file"][1]
    stranger = organisation.person("salesperson", "SAL")
    assert stranger.http.get(where).status_code == stranger.http.get(path).status_code == 404
    assert stranger.http.post(path, files=file).status_code == 404
    assert codes(person.http.post(path, files={"file": ("a.exe", b"MZ")})) == {
        "file": "customer.document.type"
    }
    one = f"{path}/{added.json()['document_id']}"
    assert person.http.delete(one).status_code == 403
    assert organisation.person().http.delete(one).status_code == 200
    assert person.http.get(where).status_code == 404
