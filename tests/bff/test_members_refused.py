"""What staff may not, and what admins may not, is refused on every route of members and changes nothing."""

import re
from uuid import uuid4

import pytest
from organisation import Organisation, Person, problem

from bff.routes import ROUTES
from bff.routing import Route

ROUTES_OF_MEMBERS = [route for route in ROUTES if (route.function or "").startswith(("members_", "process_"))]
PLACES = {"staff_id": str(uuid4()), "batch_id": "1"}
TABLES = ("records", "databases", "products", "reservations", "download_requests", "batches", "page_views")


@pytest.fixture(scope="module")
def scene(database, bff):
    organisation = Organisation(database, bff)
    yield organisation, {role: organisation.person(role, "SAL") for role in ("staff", "admin")}
    organisation.close()


def rights_of(person: Person) -> set[str]:
    found = person.http.get("/api/auth/me").json()["permissions"]
    return {f"{right['resource']}:{right['action']}" for right in found}


def refused(scene: tuple[Organisation, dict[str, Person]], role: str) -> list[Route]:
    """Routes whose permission the role has not."""
    rights = rights_of(scene[1][role])
    either = {"members_reserve"} if role == "admin" else set()  # staff ask for a customer, admins add one
    return [r for r in ROUTES_OF_MEMBERS if r.permission not in rights and r.function not in either]


@pytest.mark.parametrize(("role", "some"), [("staff", "members_recall"), ("admin", "members_validate")])
def test_member_case_2(scene, role, some):
    """Staff call no function of admins; admins ask for no records, mark none and have no cards (§2)."""
    organisation, people = scene
    routes = refused(scene, role)
    assert some in {route.function for route in routes}
    before = [organisation.count(f"members.{table}") for table in TABLES]
    for route in routes:
        path = re.sub(r"{(\w+)}", lambda name: PLACES.get(name[1], "1"), route.path)
        body = {} if route.body else None
        answer = people[role].http.request(route.method, path, json=body)
        assert answer.status_code == 403, f"{route.method} {path}: {answer.text}"
        assert problem(answer)["code"] == "permission.denied"
    assert [organisation.count(f"members.{table}") for table in TABLES] == before
