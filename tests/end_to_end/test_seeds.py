"""The demo's organisations and the sample file: what they promise is what comes out of the product."""

import csv
import io
import runpy
from collections import Counter
from contextlib import closing

import httpx
import psycopg
import pytest

from db import demo
from db.demo.content import ORGANIZATIONS
from db.paths import SEEDS
from db.settings import SettingsError
from tests.support.people import logged_in

LEADS = SEEDS / "leads.csv"


@pytest.fixture(scope="module")
def made():
    """What seeds/make_leads.py makes now."""
    return runpy.run_path(str(SEEDS / "make_leads.py"))["make"]()


@pytest.fixture(scope="module")
def seeded(database) -> str:
    """The administrator's URL of a database with the demo in it."""
    assert demo.seed(database, beside_others=True)
    return database


@pytest.fixture(scope="module")
def admin(seeded, bff):
    with closing(logged_in(bff, "admin@crm.com", "admin123")) as client:
        yield client


@pytest.fixture(scope="module")
def imported(admin) -> dict:
    """The import of seeds/leads.csv, processed."""
    with LEADS.open("rb") as file:
        uploaded = admin.post("/api/imports", data={"module": "leads"}, files={"file": ("leads.csv", file)})
    assert uploaded.status_code == 201, uploaded.text
    done = uploaded.json()
    while done["status"] in ("uploaded", "processing"):
        done = admin.post(f"/api/imports/{done['import_id']}/process", timeout=120).json()
    return done


def errors_of(admin: httpx.Client, import_id: int) -> list[dict]:
    query, found = {"status": "error", "limit": 100}, []
    while True:
        page = admin.get(f"/api/imports/{import_id}/rows", params=query).json()
        found += page["items"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def people(admin_url: str) -> dict[str, dict]:
    with psycopg.connect(admin_url, row_factory=psycopg.rows.dict_row) as connection:
        rows = connection.execute(
            "select p.email, p.role_key, o.slug, m.email as manager from app.profiles p"
            " join app.organizations o using (org_id)"
            " left join app.profiles m on m.org_id = p.org_id and m.user_id = p.manager_user_id"
            " where o.slug in ('demo', 'other')"
        ).fetchall()
    return {row["email"]: row for row in rows}


# The file


def test_the_script_makes_the_file_that_is_there(made):
    assert LEADS.read_bytes() == made.content


def test_the_file_is_large_enough_to_mean_something_and_small_enough_to_keep(made):
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))
    assert len(rows) - 1 == made.rows >= 5_000
    assert len(made.content) < 2_000_000


def test_four_percent_are_faulty_in_every_way_and_some_stand_there_twice(made):
    assert made.faulty / made.rows == pytest.approx(0.04, abs=0.001)
    assert len(made.faults) >= 15
    assert max(made.faults.values()) - min(made.faults.values()) <= 1
    assert made.repeated >= 100
    assert made.about_demo >= 50
    assert made.companies < made.imported * 0.8


def test_the_file_is_written_as_people_write(made):
    text = made.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    npwps = Counter("." in row["NPWP"] for row in rows if row["NPWP"])
    assert min(npwps[True], npwps[False]) > 500
    assert any("\n" in (row["Notes"] or "") for row in rows)
    assert not text.isascii()
    assert {row["Contact Phone"].strip()[:1] for row in rows if row["Contact Phone"]} >= {"0", "6", "+", "("}


# The file in the product


def test_every_row_of_the_file_becomes_what_the_script_says(made, imported):
    assert imported["total_rows"] == made.rows
    assert imported["success_rows"] == made.imported
    assert imported["error_rows"] == made.faulty
    assert imported["duplicate_rows"] == made.repeated
    assert imported["skipped_rows"] == imported["pending_rows"] == 0
    assert imported["ignored_columns"] == ["Filled In By"]


def test_every_fault_is_named(made, imported, admin):
    rows = errors_of(admin, imported["import_id"])
    assert Counter(error["code"] for row in rows for error in row["errors"]) == made.codes


def test_a_row_is_named_by_the_line_it_starts_on(imported, admin):
    lines = LEADS.read_text(encoding="utf-8-sig").splitlines()
    for row in errors_of(admin, imported["import_id"])[-20:]:
        assert lines[row["row_no"] - 1].startswith(
            tuple(part for part in (row["row_data"]["Company Name"], ",", '"'))
        )


def test_each_company_becomes_one_customer_however_it_is_spelled(made, imported, seeded):
    with psycopg.connect(seeded) as connection:
        (customers,) = connection.execute(
            "select count(*) from crm.customers c join app.organizations o using (org_id)"
            " where o.slug = 'demo'"
        ).fetchone()
        (leads,) = connection.execute(
            "select count(*) from crm.leads where source_import_id is not null"
        ).fetchone()
    assert customers == made.companies + len(ORGANIZATIONS[0].leads)
    assert leads == made.imported


# The organisations


def test_there_is_a_log_in_for_each_of_the_eighteen_roles(seeded):
    found = {email: person for email, person in people(seeded).items() if person["slug"] == "demo"}
    with psycopg.connect(seeded) as connection:
        roles = {role for (role,) in connection.execute("select role_key from app.roles").fetchall()}
    assert len(roles) == 18
    assert {person["role_key"] for person in found.values()} == roles
    assert {login.email for login in demo.LOG_INS} == set(found)


def test_everybody_can_log_in(seeded, bff):
    for login in (demo.LOG_INS[0], *demo.LOG_INS[-2:]):
        with closing(logged_in(bff, login.email, login.password)) as client:
            assert client.get("/api/auth/me").json()["role"]["key"] == login.role
    with closing(logged_in(bff, "staff@crm.com", "staff123")) as client:
        assert client.get("/api/auth/me").json()["role"]["key"] == "staff"


def test_teams_have_managers(seeded):
    managers = {email: person["manager"] for email, person in people(seeded).items()}
    assert (
        managers["salesperson@demo.crm.com"]
        == managers["salesperson2@demo.crm.com"]
        == "sales_manager@demo.crm.com"
    )
    assert managers["salesperson3@demo.crm.com"] == "sales_manager2@demo.crm.com"
    assert managers["dgo@demo.crm.com"] == "marketing_manager@demo.crm.com"


def test_leads_are_their_peoples(seeded, bff):
    with closing(logged_in(bff, "salesperson@demo.crm.com", "demo12345")) as client:
        mine = client.get("/api/leads").json()["items"]
    wanted = {
        lead.payload["company_name"]
        for lead in ORGANIZATIONS[0].leads
        if lead.owner == "salesperson@demo.crm.com"
    }
    assert {lead["company_name"] for lead in mine} == wanted


def test_seeding_twice_changes_nothing(seeded):
    def counts() -> tuple:
        with psycopg.connect(seeded) as connection:
            return connection.execute(
                "select (select count(*) from app.profiles), (select count(*) from crm.leads),"
                " (select max(password_version) from app.credentials)"
            ).fetchone()

    before = counts()
    assert not demo.seed(seeded, beside_others=True)
    assert counts() == before


def test_a_database_of_others_is_left_alone(server, template):
    url = server.admin_url(template)
    with pytest.raises(SettingsError, match="belongs to alpha"):
        demo.seed(url)
    with psycopg.connect(url) as connection:
        assert connection.execute("select from app.organizations where slug = 'demo'").fetchone() is None
