"""The data sync dashboard over HTTP: what is wrong is seen, repaired and written down."""

from uuid import uuid4

import pytest
from organisation import Organisation, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


def test_an_orphan_is_seen_told_repaired_and_logged(organisation):
    admin = organisation.person("admin", "SAL")
    leaver = organisation.person("staff", "SAL")
    product_id = admin.http.post("/api/products", json={"name": "P"}).json()["product_id"]
    body = {"customer_id": uuid4().hex, "product_id": product_id, "staff_id": str(leaver.user_id)}
    reservation = admin.http.post("/api/reserved-members", json=body).json()["reservation_id"]
    health = admin.http.get("/api/data-sync/health").json()
    assert (health["health_score"], health["status"]) == (100, "healthy")
    organisation.sql("update app.profiles set is_active = false where user_id = %s", leaver.user_id)

    health = admin.http.get("/api/data-sync/health").json()
    assert health["health_score"] == 80
    assert health["issues"][0]["sample_ids"] == [reservation]
    checked = admin.http.post("/api/data-sync/proactive-check").json()
    assert (checked["critical_issues"], checked["notifications_sent"]) == (1, 1)

    assert codes(admin.http.post("/api/data-sync/repair", json={"repair": "x"})) == {
        "repair": "data_sync.repair.unknown"
    }
    key = {"Idempotency-Key": "r"}
    first = admin.http.post("/api/data-sync/repair", json={"repair": "all"}, headers=key)
    assert first.json()["repaired"] == {"orphaned_reserved_members": 1, "expired_reservations": 0}
    assert (
        admin.http.post("/api/data-sync/repair", json={"repair": "all"}, headers=key).content == first.content
    )
    again = admin.http.post("/api/data-sync/repair", json={"repair": "all"}).json()
    assert again["repaired"]["orphaned_reserved_members"] == 0
    assert again["health_score"] == 100

    page = admin.http.get("/api/data-sync/activity", params={"limit": 2}).json()
    assert [entry["type"] for entry in page["items"]] == ["data_repair", "data_repair"]
    rest = admin.http.get("/api/data-sync/activity", params={"limit": 2, "cursor": page["next"]}).json()
    assert [entry["type"] for entry in rest["items"]] == ["proactive_health_check"]
    assert rest["next"] is None


def test_the_check_by_the_clock_is_set_by_admins(organisation):
    admin = organisation.person("master_admin", "DIR")
    changed = admin.http.put(
        "/api/data-sync/config", json={"enabled": True, "check_interval_hours": 3}
    ).json()
    assert (changed["enabled"], changed["check_interval_hours"]) == (True, 3)
    assert admin.http.get("/api/data-sync/config").json() == changed
    staff = organisation.person("staff", "SAL")
    for method, path in (
        ("GET", "health"),
        ("GET", "config"),
        ("GET", "activity"),
        ("POST", "proactive-check"),
    ):
        assert problem(staff.http.request(method, f"/api/data-sync/{path}"))["status"] == 403
