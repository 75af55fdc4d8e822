"""Lists as files: the same rows as on the screen, all of them, as text that no spreadsheet runs."""

import asyncio
import csv
import io
from types import SimpleNamespace

import fastexcel
import httpx
import psycopg
import pytest
from organisation import LEAD, Organisation, Person, codes, problem

from bff import exports
from bff.routes import ROUTES

EVIL = '=HYPERLINK("http://evil.test","click")'


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def admin(organisation) -> Person:
    return organisation.person()


@pytest.fixture(scope="module")
def seller(organisation) -> Person:
    return organisation.person("salesperson", "SAL")


@pytest.fixture(scope="module")
def leads(organisation, admin, seller) -> dict[str, str]:
    """Two leads of a salesperson's, one of another, by company; one of the names is a formula."""
    other = organisation.person("salesperson", "SAL")
    wanted = [(seller, "PT Satu"), (seller, EVIL), (other, "PT Tiga")]
    return {
        company: person.http.post(
            "/api/leads",
            json=LEAD
            | {"company_name": company, "email": f"{n}@{n}.test", "contact_phone": f"+62 811 1{n}00 000"}
            | ({"est_volume_value": 12.5} if n == 0 else {}),
        ).json()["lead_id"]
        for n, (person, company) in enumerate(wanted)
    }


def read(person: Person, query: str, path: str = "/api/leads") -> list[dict[str, str]]:
    answer = person.http.get(f"{path}?format=csv&{query}".rstrip("&"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_file_has_the_rows_that_its_reader_sees(admin, seller, leads):
    assert {row["lead_id"] for row in read(admin, "limit=1")} == set(leads.values())
    own = read(seller, "")
    assert {row["lead_id"] for row in own} == {leads["PT Satu"], leads[EVIL]}
    assert [row["created_at"] for row in own] == sorted((row["created_at"] for row in own), reverse=True)
    shown = admin.http.get("/api/leads").json()["items"][0]
    assert set(own[0]) <= set(shown), "a file has no field that the list has not"


def test_no_cell_is_a_formula(admin, leads):
    (row,) = [row for row in read(admin, "") if row["lead_id"] == leads[EVIL]]
    assert row["company_name"] == "'" + EVIL
    assert row["contact_phone"] == "'+62 811 1100 000"
    book = admin.http.get("/api/leads?format=xlsx&fields=lead_id,company_name,est_volume_value")
    assert book.headers["content-disposition"].endswith('.xlsx"')
    frame = fastexcel.read_excel(book.content).load_sheet(0).to_polars()
    assert frame.columns == ["lead_id", "company_name", "est_volume_value"]
    cells = {row[0]: row[1:] for row in frame.rows()}
    assert cells[leads[EVIL]] == (EVIL, None)
    assert cells[leads["PT Satu"]] == ("PT Satu", 12.5)


def test_filters_and_fields_count_for_files_and_lists_alike(admin, seller, leads):
    query = f"created_by={seller.user_id}&fields=company_name,lead_id&lead_date_from=2020-01-01"
    rows = read(admin, query)
    assert {row["company_name"] for row in rows} == {"PT Satu", "'" + EVIL}
    assert list(rows[0]) == ["company_name", "lead_id"]
    items = admin.http.get(f"/api/leads?{query}").json()["items"]
    assert {item["company_name"] for item in items} == {"PT Satu", EVIL}
    assert {tuple(sorted(item)) for item in items} == {("company_name", "lead_id")}
    assert read(admin, "lead_date_from=2999-01-01") == []

    assert codes(admin.http.get("/api/leads?fields=lead_id,secret")) == {"fields": "export.fields.unknown"}
    assert codes(admin.http.get("/api/leads?fields=lead_id;drop")) == {
        "fields": "request.string_pattern_mismatch"
    }
    assert codes(admin.http.get("/api/leads?format=pdf")) == {"format": "request.literal_error"}
    assert codes(admin.http.get("/api/users?format=csv")) == {"format": "request.extra_forbidden"}


def test_who_may_not_read_may_not_export_and_whoever_did_is_on_record(organisation, admin, bff, leads):
    for role, dept in (("exim_ops", "EXI"), ("finance", "FIN")):
        refused = organisation.person(role, dept).http.get("/api/leads?format=csv")
        assert problem(refused)["code"] == "permission.denied"
    assert httpx.get(f"{bff}/api/leads?format=csv").status_code == 401
    read(admin, "status=New")
    (entry,) = read(
        admin, f"action=EXPORT&changed_by={admin.user_id}&table_name=api.leads", "/api/audit-logs"
    )[:1]
    assert '"status": "New"' in entry["after_data"]
    stranger = Organisation(organisation.admin_url, organisation.bff)
    assert read(stranger.person(), "") == []
    stranger.close()


@pytest.mark.parametrize("route", [r for r in ROUTES if r.export], ids=lambda r: r.path)
def test_every_file_can_be_read_from_its_view(database, route):
    with psycopg.connect(database) as connection:
        columns = connection.execute(f"select * from api.{route.export.view} limit 0").description
        assert set(exports.columns_of(route)) <= {column.name for column in columns}
        connection.execute(
            f"select 1 from api.{route.export.view} v order by"
            f" {', '.join(f'v.{part}' for part in route.export.order)} limit 0"
        )
        conditions = [route.export.where] if route.export.where else []
        for name in route.query.model_fields.keys() - {"limit", "cursor"}:
            conditions.append(exports.condition_of(route.export, name).format("null"))
        for condition in conditions:
            connection.execute(f"select 1 from api.{route.export.view} v where {condition}")


async def test_two_exports_at_once_are_enough(admin):
    route = next(r for r in ROUTES if r.export)
    async with exports._under_way, exports._under_way:
        with pytest.raises(Exception, match="Too many exports"):
            await asyncio.wait_for(
                exports.export(
                    SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(services=None))),
                    *(route, admin.user_id, exports.Selection(format="csv"), {}),
                ),
                timeout=5,
            )


def test_customers_leave_only_with_those_who_may_export_them(organisation, admin, seller, leads):
    rows = read(admin, f"owner_user_id={seller.user_id}&fields=customer_id,company_name", "/api/customers")
    assert {row["company_name"] for row in rows} == {"PT Satu", "'" + EVIL}
    assert seller.http.get("/api/customers").status_code == 200
    assert problem(seller.http.get("/api/customers?format=csv"))["code"] == "permission.denied"
    manager = organisation.person("sales_manager", "SAL")
    assert read(manager, "", "/api/customers") == []
    admin.http.patch(f"/api/users/{seller.user_id}", json={"manager_user_id": str(manager.user_id)})
    assert len(read(manager, "", "/api/customers")) == 2


def test_tickets_and_activities_are_files_too_and_their_filters_count(organisation, admin, seller, leads):
    ticket = {"ticket_type": "general request", "dept_target": "EXI", "subject": EVIL}
    opened = seller.http.post("/api/tickets", json=ticket).json()["ticket_id"]
    closed = seller.http.post("/api/tickets", json=ticket | {"subject": "Two"}).json()["ticket_id"]
    assert seller.http.patch(f"/api/tickets/{closed}", json={"status": "CLOSED"}).status_code == 200
    today = organisation.sql("select (now() at time zone 'Asia/Jakarta')::date::text")[0][0]
    query = f"fields=ticket_id,subject,is_masked&created_from={today}&created_to={today}"
    assert {row["ticket_id"] for row in read(seller, query, "/api/tickets")} == {opened, closed}
    assert read(seller, f"{query}&status=OPEN", "/api/tickets") == [
        {"ticket_id": opened, "subject": "'" + EVIL, "is_masked": "false"}
    ]
    assert read(seller, "created_from=2999-01-01", "/api/tickets") == []
    shown = seller.http.get("/api/tickets?fields=ticket_id&status=CLOSED").json()["items"]
    assert shown == [{"ticket_id": closed}]
    operator = organisation.person("exim_ops", "EXI")
    assert operator.http.get("/api/tickets?fields=ticket_id").status_code == 200
    assert problem(operator.http.get("/api/tickets?format=csv"))["code"] == "permission.denied"

    prospect_id = seller.http.get(f"/api/leads/{leads['PT Satu']}").json()["prospect_id"]
    call = {"prospect_id": prospect_id, "activity_type": "call", "notes": "@SUM(1)"}
    for more in ({}, {"scheduled_on": today}):
        assert seller.http.post("/api/activities", json=call | more).status_code == 201
    (plan,) = read(seller, "is_open=true&fields=notes,completed_at", "/api/activities")
    assert plan == {"notes": "'@SUM(1)", "completed_at": ""}
    assert len(read(seller, f"prospect_id={prospect_id}", "/api/activities")) == 2
    assert read(organisation.person("salesperson", "SAL"), "", "/api/activities") == []
