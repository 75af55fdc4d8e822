"""Managing people over HTTP: who comes in, who goes, and how soon that counts."""

import httpx
import psycopg
import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation) -> Person:
    return organisation.person()


def newcomer(name: str, **more: object) -> dict[str, object]:
    return {
        "email": f"{name}@new.test",
        "full_name": name.title(),
        "role_key": "salesperson",
        "dept_code": "SAL",
        "password": "four green ducks",
    } | more


def log_in(bff: str, email: str, password: str, **more: str) -> httpx.Response:
    return httpx.post(f"{bff}/api/auth/login", json={"email": email, "password": password} | more)


def test_somebody_new_logs_in_with_a_password_of_their_own(admin, bff):
    added = admin.http.post("/api/users", json=newcomer("ada"), headers={"Idempotency-Key": "ada"})
    assert added.status_code == 201, added.text
    assert "password" not in added.text
    again = admin.http.post("/api/users", json=newcomer("ada"), headers={"Idempotency-Key": "ada"})
    assert (again.status_code, again.content) == (201, added.content)
    twice = admin.http.post("/api/users", json=newcomer("ada"))
    assert problem(twice)["code"] == "user.email.duplicate"

    first = log_in(bff, "ada@new.test", "four green ducks")
    assert problem(first)["code"] == "auth.password_change_required"
    second = log_in(bff, "ada@new.test", "four green ducks", new_password="five brown foxes")
    assert second.status_code == 200


def test_what_a_new_person_must_be(admin):
    weak = admin.http.post("/api/users", json=newcomer("bo", password="short"))
    assert codes(weak) == {"password": "password.weak"}
    none = admin.http.post("/api/users", json=newcomer("bo", password=None))
    assert codes(none) == {"password": "user.password.required"}
    unknown = admin.http.post("/api/users", json=newcomer("bo", role_key="emperor", dept_code="HRD"))
    assert codes(unknown) == {"role_key": "user.role_key.unknown", "dept_code": "user.dept_code.unknown"}


def test_whoever_is_deactivated_is_out_at_once(organisation, admin, bff, server, database):
    leaver = organisation.person("salesperson", "SAL")
    email = leaver.http.get("/api/auth/me").json()["email"]
    # The log-in of an analyst, as `pgcrm analysts add` makes it, with a session that is open.
    organisation.sql("create role leaver_login login password 'x' in role analyst")
    organisation.sql(
        "insert into app.db_logins (login, user_id, kind) values ('leaver_login', %s, 'analyst')",
        leaver.user_id,
    )
    with psycopg.connect(database) as connection:
        connection.execute("set session authorization leaver_login")
        count = connection.execute("select count(*) from api.v_user_directory").fetchone()
        assert count[0] > 0

        changed = admin.http.patch(f"/api/users/{leaver.user_id}", json={"is_active": False})
        assert changed.json()["is_active"] is False
        assert leaver.http.get("/api/auth/me").status_code == 401
        assert leaver.http.post("/api/leads", json=LEAD).status_code == 401
        assert log_in(bff, email, "seven grey otters").status_code in (401, 403)
        assert connection.execute("select count(*) from api.v_user_directory").fetchone() == (0,)
    organisation.sql("drop role leaver_login")

    admin.http.patch(f"/api/users/{leaver.user_id}", json={"is_active": True})
    assert leaver.http.get("/api/auth/me").status_code == 200


def test_a_new_role_counts_for_the_next_request(organisation, admin):
    person = organisation.person("salesperson", "SAL")
    assert person.http.post("/api/leads", json=LEAD).status_code == 201
    admin.http.patch(f"/api/users/{person.user_id}", json={"role_key": "director", "dept_code": "DIR"})
    refused = person.http.post("/api/leads", json=LEAD | {"company_name": "PT Lain"})
    assert problem(refused)["code"] == "permission.denied"


def test_whoever_is_given_a_new_password_starts_again(organisation, admin, bff):
    person = organisation.person("salesperson", "SAL")
    email = person.http.get("/api/auth/me").json()["email"]
    given = admin.http.post(f"/api/users/{person.user_id}/password", json={"password": "nine red herons"})
    assert given.status_code == 200
    assert problem(log_in(bff, email, "nine red herons"))["code"] == "auth.password_change_required"
    refused = person.http.post(f"/api/users/{admin.user_id}/password", json={"password": "nine red herons"})
    assert problem(refused)["code"] == "permission.denied"


def test_somebody_who_was_deleted_is_gone_and_the_e_mail_free(organisation, admin, bff):
    user = admin.http.post("/api/users", json=newcomer("gone")).json()
    path = f"/api/users/{user['user_id']}"
    deleted = admin.http.delete(path, headers={"Idempotency-Key": "gone"})
    again = admin.http.delete(path, headers={"Idempotency-Key": "gone"})
    assert (deleted.status_code, again.content) == (200, deleted.content)
    assert problem(admin.http.get(path))["code"] == "user.not_found"
    assert log_in(bff, "gone@new.test", "four green ducks").status_code == 401
    assert admin.http.post("/api/users", json=newcomer("gone")).status_code == 201
    assert problem(admin.http.delete(f"/api/users/{admin.user_id}"))["code"] == "user.self"


def test_lists_of_people_page_by_name_and_filter(organisation, admin):
    for number in range(5):
        admin.http.post("/api/users", json=newcomer(f"zoe{number}"))
    found, cursor = [], None
    while True:
        query = {"search": "zoe", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = admin.http.get("/api/users", params=query).json()
        found += [user["full_name"] for user in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert found == [f"Zoe{number}" for number in range(5)]
    inactive = admin.http.get("/api/users", params={"is_active": "false", "search": "zoe"}).json()
    assert inactive["items"] == []
    assert codes(admin.http.get("/api/users", params={"is_active": "0"})) == {"is_active": "request.boolean"}
    roles = {role["role_key"] for role in admin.http.get("/api/users/manage").json()["roles"]}
    assert len(roles) == 18
    marketing = organisation.person("marketing_manager", "MKT").http.get("/api/users/manage").json()
    assert {role["role_key"] for role in marketing["roles"]} == {
        *("marketing_manager", "marcomm", "dgo", "macx", "vsdo")
    }


def test_everybody_can_choose_among_the_staff(organisation, admin):
    staff = organisation.person("staff", "SAL")
    listed = staff.http.get("/api/staff-users").json()["items"]
    assert str(staff.user_id) in {person["user_id"] for person in listed}
    assert str(admin.user_id) not in {person["user_id"] for person in listed}
    admin.http.patch(f"/api/users/{staff.user_id}", json={"is_active": False})
    left = admin.http.get("/api/staff-users").json()["items"]
    assert str(staff.user_id) not in {person["user_id"] for person in left}


def test_the_audit_trail_says_who_changed_a_person(organisation, admin):
    person = organisation.person("salesperson", "SAL")
    admin.http.patch(f"/api/users/{person.user_id}", json={"full_name": "New Name"})
    query = {"record_id": str(person.user_id), "action": "UPDATE", "changed_from": "2020-01-01T00:00:00Z"}
    (entry,) = admin.http.get("/api/audit-logs", params=query).json()["items"]
    assert (entry["changed_by"], entry["after_data"]) == (str(admin.user_id), {"full_name": "New Name"})
    assert entry["ip_address"]
    assert problem(person.http.get("/api/audit-logs"))["code"] == "permission.denied"


def test_notifications_are_read_once(organisation):
    person = organisation.person("salesperson", "SAL")
    organisation.sql(
        "insert into app.notifications (org_id, user_id, topic, title)"
        " select %s, %s, 'x.y', 'n' || n from generate_series(1, 3) n",
        *(organisation.org_id, person.user_id),
    )
    page = person.http.get("/api/notifications?unread=true&limit=2").json()
    assert (len(page["items"]), page["unread"]) == (2, 3)
    one = page["items"][0]["notification_id"]
    first, second = (person.http.post(f"/api/notifications/{one}/read").json() for _ in "12")
    assert first == second
    other = organisation.person("salesperson", "SAL")
    assert problem(other.http.post(f"/api/notifications/{one}/read"))["code"] == "notification.not_found"
    assert person.http.get("/api/notifications").json()["unread"] == 2
    assert person.http.post("/api/notifications/read-all", json={}).json() == {"read": 2}
    assert person.http.post("/api/notifications/read-all", json={}).json() == {"read": 0}
    assert person.http.post(f"/api/notifications/{one}/unread").json()["read_at"] is None


def test_who_is_here(organisation, admin, bff):
    """Member case 9: a heartbeat is one's own; looking at it moves nobody."""
    one, other = organisation.person("staff", "SAL"), organisation.person("staff", "SAL")

    def here() -> dict[str, dict[str, object]]:
        page = admin.http.get("/api/users/activity", params={"limit": 100}).json()
        return {item["user_id"]: item for item in page["items"]}

    before = here()
    assert one.http.post("/api/auth/heartbeat").json()["user_id"] == str(one.user_id)
    after = here()
    moved = [user for user in after if after[user] != before[user]]
    assert moved == [str(one.user_id)], "and not the other's, nor the admin's, who looks"
    assert after[str(other.user_id)]["status"] == "online", "who has just logged in"
    assert codes(admin.http.get("/api/users/activity?status=asleep")) == {"status": "request.literal_error"}
    assert one.http.get("/api/users/activity").status_code == 403


def test_a_log_in_is_seen_and_a_log_out_too(organisation, admin, bff):
    added = admin.http.post("/api/auth/register", json=newcomer("cleo")).json()
    tokens = log_in(bff, "cleo@new.test", "four green ducks", new_password="five brown foxes").json()

    def status() -> object:
        page = admin.http.get("/api/users/activity", params={"limit": 100}).json()
        return next(item["status"] for item in page["items"] if item["user_id"] == added["user_id"])

    assert status() == "online"
    httpx.post(f"{bff}/api/auth/logout", json={"refresh_token": tokens["refresh_token"]}).raise_for_status()
    assert status() == "offline"


def test_the_log_in_paths_of_the_seeds(organisation, admin, bff):
    admin.http.post("/api/auth/register", json=newcomer("dora")).raise_for_status()
    first = log_in(bff, "dora@new.test", "four green ducks", new_password="five brown foxes").json()
    mine = {"Authorization": f"Bearer {first['access_token']}"}
    renamed = httpx.patch(f"{bff}/api/auth/profile", json={"full_name": "Dora B"}, headers=mine)
    assert renamed.json()["full_name"] == "Dora B"
    same = httpx.patch(f"{bff}/api/auth/profile", json={}, headers=mine)
    assert same.json()["full_name"] == "Dora B"
    words = {"password": "five brown foxes", "new_password": "six white geese"}
    changed = httpx.post(f"{bff}/api/auth/change-password", json=words, headers=mine)
    assert changed.status_code == 204, changed.text
    assert log_in(bff, "dora@new.test", "six white geese").status_code == 200


def test_notifications_are_deleted_one_by_one_or_all_that_were_seen(organisation):
    person = organisation.person("staff", "SAL")
    organisation.sql(
        "insert into app.notifications (org_id, user_id, topic, title) select org_id, user_id, 'x.y', n::text"
        " from app.profiles cross join generate_series(1, 4) n where user_id = %s",
        person.user_id,
    )
    ids = [n["notification_id"] for n in person.http.get("/api/notifications").json()["items"]]
    assert person.http.delete(f"/api/notifications/{ids[3]}").json() == {"notification_id": ids[3]}
    assert person.http.delete(f"/api/notifications/{ids[3]}").status_code == 404
    assert person.http.delete("/api/notifications", params={"up_to": ids[1]}).json() == {"deleted": 2}
    left = person.http.get("/api/notifications?open=true").json()["items"]
    assert [n["notification_id"] for n in left] == [ids[0]]
    assert person.http.delete("/api/notifications").json() == {"deleted": 1}


@pytest.mark.parametrize("moment", ["0.5", "2026-01-31", "2026-01-31T09:00:00", "yesterday"])
def test_a_moment_says_when_and_where(admin, moment):
    answer = admin.http.get("/api/audit-logs", params={"changed_to": moment})
    assert list(codes(answer)) == ["changed_to"]
    assert admin.http.get("/api/audit-logs?changed_to=2026-01-31T09:00:00Z").status_code == 200
