"""Links that a browser downloads without an Authorization header (member case 159, BF-38), and files in which
no column is empty that the list fills (LD-30)."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import fastexcel
import httpx
import pytest
from organisation import Organisation, Person, codes, problem
from test_normal_http import a_database
from test_normal_http import ask as ask_for_records
from test_reservations_http import add, held_by

from bff import exports
from bff.routes import ROUTES

LOG = "/api/conflict-log"
FORMULA = "=1+1"


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation) -> Person:
    return organisation.person("admin", "SAL")


@pytest.fixture(scope="module")
def browser(bff):
    """Somebody's browser that follows a link: it knows no access token."""
    with httpx.Client(base_url=bff, timeout=60) as client:
        yield client


def link(person: Person, path: str) -> str:
    answer = person.http.post("/api/download-tokens", json={"path": path})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["path"]


def refused(browser: httpx.Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 401, answer.text
    return problem(answer)["code"]


def test_a_link_gives_the_file_once_and_only_that_file(admin, browser):
    path = link(admin, f"{LOG}?format=csv&date_from=2020-01-01")
    for other in (
        path.replace("2020", "2021"),
        path.replace("csv", "xlsx"),
        path.replace("format=csv&", ""),
        path.replace(LOG, "/api/member-records"),
        path.replace(LOG, "/api/auth/me"),
        path.replace(LOG, f"{LOG}/stats"),
        path + "&limit=1",
        path[:-1],
        f"{LOG}?format=csv&date_from=2020-01-01&token=",
    ):
        assert refused(browser, other) in ("download.token", "token.missing"), other
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content.decode("utf-8-sig").startswith("conflict_id,")
    assert answer.headers["cache-control"] == "private, no-store"
    assert refused(browser, path) == "download.token"
    # Whatever an Authorization header says goes before: nobody is two people.
    both = browser.get(link(admin, f"{LOG}?format=csv"), headers={"Authorization": "Bearer x"})
    assert problem(both)["code"] == "token.invalid"
    # Spelt otherwise, it is the same.
    again = link(admin, f"{LOG}?format=csv&date_from=2020-01-01")
    assert browser.get(f"{LOG}?date_from=2020%2D01-01&{again.split('&')[-1]}&format=csv").status_code == 200


def test_of_eight_who_follow_a_link_at_once_one_gets_the_file(admin, browser):
    for _ in range(3):
        path = link(admin, f"{LOG}?format=csv")
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(browser.get, [path] * 8))
        assert sorted(answer.status_code for answer in answers) == [200, *[401] * 7]


def test_a_link_ends_after_a_minute_and_with_its_person(organisation, browser):
    leaver = organisation.person("admin", "SAL")
    path = link(leaver, f"{LOG}?format=csv")
    organisation.sql(
        "update app.download_tokens set created_at = now() - interval '1 minute', expires_at = now()"
        " where user_id = %s",
        leaver.user_id,
    )
    assert refused(browser, path) == "download.token"
    path = link(leaver, f"{LOG}?format=csv")
    organisation.sql("update app.profiles set is_active = false where user_id = %s", leaver.user_id)
    assert refused(browser, path) == "auth.unknown_user"


def test_links_are_for_those_who_may_export_and_to_exports_alone(organisation, admin, browser):
    """Case 159: M allowed; staff -> 403; no token -> 401."""
    staff = organisation.person("staff", "SAL")
    archive = {"path": "/api/reserved-members/deleted?format=csv"}
    assert browser.post("/api/download-tokens", json=archive).status_code == 401
    assert browser.get(archive["path"]).status_code == 401
    assert problem(staff.http.post("/api/download-tokens", json=archive))["code"] == "permission.denied"
    for taken in ("/api/customers?format=xlsx", "/api/audit-logs?format=csv"):
        assert staff.http.post("/api/download-tokens", json={"path": taken}).status_code == 403
    # A permission that is gone by the time the link is followed is gone.
    demoted = organisation.person("admin", "SAL")
    path = link(demoted, archive["path"])
    organisation.sql("update app.profiles set role_key = 'staff' where user_id = %s", demoted.user_id)
    assert problem(browser.get(path))["code"] == "permission.denied"

    def faults(path: str) -> dict[str, str]:
        return codes(admin.http.post("/api/download-tokens", json={"path": path}))

    assert faults("/api/auth/me?format=csv") == {"path": "download.not_an_export"}
    assert faults("/api/download-tokens?format=csv") == {"path": "download.not_an_export"}
    assert faults(f"{LOG}/stats?format=csv") == {"path": "download.not_an_export"}
    assert faults(LOG) == {"path": "download.not_a_file"}
    assert faults(f"{LOG}?format=json") == {"path": "download.not_a_file"}
    assert faults(f"{LOG}?format=csv&fields=secret") == {"fields": "export.fields.unknown"}
    assert faults(f"{LOG}?format=csv&whose=1") == {"whose": "request.extra_forbidden"}
    assert faults(f"{LOG}?format=csv&token=x") == {"token": "request.extra_forbidden"}
    assert faults(f"//evil.test{LOG}?format=csv") == {"path": "download.not_an_export"}
    assert faults("https://evil.test/") == {"path": "request.string_pattern_mismatch"}


def test_a_link_leaves_no_trace_of_its_token(organisation, admin, browser, bff_home):
    path = link(admin, f"{LOG}?format=csv")
    unused = link(admin, f"{LOG}?format=xlsx")
    assert browser.get(path).status_code == 200
    browser.get(path)
    log = (bff_home / "serve.log").read_text()
    assert f'"path": "{LOG}"' in log
    for used in (path, unused):
        token = used.split("token=")[1]
        assert token not in log
        for table in ("app.audit_logs", "app.outbox", "app.idempotency_keys", "app.download_tokens"):
            query = f"select count(*) from {table} t where to_jsonb(t)::text like %s"
            assert organisation.sql(query, f"%{token}%") == [(0,)], table
    ((exported_by,),) = organisation.sql(
        "select a.changed_by from app.audit_logs a where a.org_id = %s and a.action = 'EXPORT'"
        " order by a.audit_id desc limit 1",
        organisation.org_id,
    )
    assert exported_by == admin.user_id


@pytest.fixture(scope="module")
def scene(organisation, admin) -> None:
    """A record of a request, a reservation, and a record that a reservation took; one name is a formula."""
    one, two = (organisation.person("staff", "SAL") for _ in range(2))
    product_id = admin.http.post("/api/products", json={"name": FORMULA}).json()["product_id"]
    request_id = ask_for_records(one, a_database(admin, product_id, 2), 1).json()["request_id"]
    assert admin.http.patch(f"/api/download-requests/{request_id}/approve").status_code == 200
    customer, *_ = held_by(admin, two, product_id)
    assert add(admin, customer, one, product_id).status_code == 201


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "path", ["/api/member-records", "/api/reserved-members", "/api/download-requests", LOG]
)
def test_every_column_of_what_members_export_is_filled(scene, admin, browser, path, form):
    """LD-30, LD-39: a cell is empty where the list has null, and nowhere else. And no cell is a formula."""
    listed = admin.http.get(path, params={"limit": 100}).json()["items"]
    assert listed
    answer = browser.get(link(admin, f"{path}?{urlencode({'format': form})}"))
    assert answer.status_code == 200, answer.text
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    else:
        sheet = fastexcel.read_excel(answer.content).load_sheet(0, dtypes="string")
        rows = sheet.to_polars().to_dicts()
    (route,) = (r for r in ROUTES if r.path == path and r.export)
    assert list(rows[0]) == exports.columns_of(route)
    assert [{name for name in row if row[name] not in (None, "")} for row in rows] == [
        {name for name in rows[0] if item[name] not in (None, "")} for item in listed
    ]
    assert {row["product_name"] for row in rows} == {FORMULA if form == "xlsx" else "'" + FORMULA}
