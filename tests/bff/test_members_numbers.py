"""Admins, master admins and super admins see the same numbers, whatever they read about members (BF-1)."""

import re
from uuid import uuid4

import pytest
from member_files import members, upload, workbook
from organisation import Organisation

from bff.routes import ROUTES
from bff.routing import Route

ROLES = ("admin", "master_admin", "super_admin")
READS = [
    route
    for route in ROUTES
    if route.method == "GET" and route.function and route.function.startswith("members_")
]
STAFF_ALONE = {"records:validate"}
"""What only staff read: their own cards and records."""


@pytest.fixture(scope="module")
def scene(database, bff):
    """An organisation in which everything that can be read about members is there."""
    organisation = Organisation(database, bff)
    people = {role: organisation.person(role, "SAL") for role in ROLES}
    admin, staff = people["admin"], organisation.person("staff", "SAL")
    product = admin.http.post("/api/products", json={"name": "P1"}).json()["product_id"]
    ids: dict[str, object] = {"product_id": product, "staff_id": staff.user_id}
    for module in ("databases", "memberwd", "bonanza"):
        if module == "databases":
            answer = admin.http.post(
                "/api/databases",
                data={"product_id": str(product)},
                files={"file": ("m.xlsx", workbook(members(30)))},
            )
        else:
            answer = upload(admin, workbook(members(30)), uuid4().hex, product, module)
        ids[module] = answer.json()["id"]
        if module == "databases":
            asked = staff.http.post(
                "/api/download-requests", json={"database_id": ids[module], "record_count": 8}
            ).json()
            ids["request_id"] = asked["request_id"]
            admin.http.patch(f"/api/download-requests/{asked['request_id']}/approve")
            staff.http.post("/api/download-requests", json={"database_id": ids[module], "record_count": 2})
            found = staff.http.get("/api/my-assigned-records").json()["items"]
        else:
            admin.http.post(
                f"/api/{module}/assign-random",
                json={"database_id": ids[module], "staff_id": str(staff.user_id), "quantity": 8},
            )
            found = staff.http.get(f"/api/{module}/staff/batches").json()["items"][0]["records"]
        mine = [record["record_id"] for record in found]
        staff.http.post(f"/api/{module}/staff/validate", json={"record_ids": mine[:2], "is_valid": False})
        admin.http.post(f"/api/{module}/admin/process-invalid/{staff.user_id}", json={})
        staff.http.post(f"/api/{module}/staff/validate", json={"record_ids": mine[2:3], "is_valid": False})
    staff.http.patch(
        f"/api/customer-records/{mine_of(staff)}/whatsapp-status", json={"whatsapp_status": "ada"}
    )
    yield people, ids
    organisation.close()


def mine_of(staff) -> int:
    return staff.http.get("/api/my-assigned-records").json()["items"][0]["record_id"]


def path_of(route: Route, ids: dict[str, object]) -> str:
    """The route's path with something that is there in each of its places."""
    module = route.path.split("/")[2]
    known = {**ids, "database_id": ids.get(module), "batch_id": ids["request_id"]}
    path = re.sub(r"{(\w+)}", lambda name: str(known.get(name[1], 1)), route.path)
    return path + "?q=1" if route.query and "q" in route.query.model_fields else path


@pytest.mark.parametrize("route", READS, ids=[route.path for route in READS])
def test_three_kinds_of_admin_read_the_same(scene, route: Route):
    people, ids = scene
    path = path_of(route, ids)
    answers = [people[role].http.get(path) for role in ROLES]
    assert len({(answer.status_code, without_instance(answer)) for answer in answers}) == 1
    if route.permission in STAFF_ALONE:
        assert answers[0].status_code == 403
    elif "{" not in route.path:
        assert answers[0].status_code == 200, answers[0].text


def without_instance(answer) -> str:
    """The body but for the id of the request that failed."""
    return re.sub(r'"instance": "[^"]*"', "", answer.text)


def test_there_is_something_to_compare(scene):
    people, ids = scene
    read = people["admin"].http.get
    for module in ("memberwd", "bonanza"):
        found = read(f"/api/{module}/databases/{ids[module]}").json()
        assert (found["assigned_count"], found["archived_count"]) == (8, 2)
        assert read(f"/api/{module}/admin/invalid").json()["total_invalid"] == 1
    assert read("/api/admin/staff-progress").json()["overall"]["ada"] == 1
    assert len(read("/api/download-requests").json()["items"]) == 2
