"""Metrics over HTTP: a target is set, work is entered and shown, and the page says how far it got."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import fastexcel
import httpx
import pytest
from organisation import Organisation, Person, codes, problem

APRIL = {"period_start": "2026-04-01", "period_end": "2026-04-30"}


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def manager(organisation) -> Person:
    return organisation.person("marketing_manager")


@pytest.fixture(scope="module")
def marcomm(organisation) -> Person:
    return organisation.person("marcomm")


def target(person: Person, metric: str, assignee: Person | None, value: float = 10, **more: str):
    body = {"metric_key": metric, "target_value": value, **APRIL, **more}
    if assignee is not None:
        body["assignee_user_id"] = str(assignee.user_id)
    return person.http.post("/api/kpi/targets", json=body)


def test_a_target_is_set_reached_and_shown(organisation, manager, marcomm):
    made = target(manager, "MARCOMM_LINKEDIN_POSTS", marcomm)
    assert made.status_code == 201, made.text
    assert made.json()["target_value"] == 10
    key = {"Idempotency-Key": "seven-posts"}
    body = {"metric_key": "MARCOMM_LINKEDIN_POSTS", "entry_date": "2026-04-02", "value": 7}
    first = marcomm.http.post("/api/kpi/entries", json=body, headers=key)
    again = marcomm.http.post("/api/kpi/entries", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    (mine,) = marcomm.http.get("/api/kpi/my").json()["items"]
    assert (mine["actual_value"], mine["status"], mine["progress_pct"]) == (7, "OK", 70)
    assert manager.http.get("/api/kpi/team").json()["items"] == [mine]
    assert manager.http.get("/api/kpi/progress?on=2026-05-01").json()["items"] == []
    asked = {"metric_key": body["metric_key"], "date_from": "2026-04-01", "date_to": "2026-04-30"}
    found = marcomm.http.get("/api/kpi/actual", params=asked | {"user_id": str(marcomm.user_id)}).json()
    assert (found["value"], found["source"], found["unit"]) == (7, "entries", "count")
    assert problem(marcomm.http.get("/api/kpi/actual", params=asked))["code"] == "permission.denied"

    entry = f"/api/kpi/entries/{first.json()['entry_id']}"
    assert marcomm.http.patch(entry, json={"value": 8}).json()["value"] == 8
    assert manager.http.patch(entry, json={"value": 9}).status_code == 403
    assert organisation.person("vsdo").http.patch(entry, json={"value": 9}).status_code == 404
    assert marcomm.http.delete(entry).status_code == 403
    assert organisation.person().http.delete(entry).status_code == 200


def exported(person: Person, path: str, query: str = "") -> list[dict[str, str]]:
    answer = person.http.get(f"/api/kpi/{path}?format=csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def shown(person: Person, path: str, query: str = "") -> list[dict[str, str]]:
    """What the list shows, as a file writes it: every number with the digits that it was sent with."""
    answer = person.http.get(f"/api/kpi/{path}?limit=100{query}").text
    items = json.loads(answer, parse_float=str, parse_int=str)["items"]
    return [{name: value or "" for name, value in item.items()} for item in items]


def test_progress_is_a_file_too_of_the_same_rows_and_numbers(organisation):
    admin, manager, own = (organisation.person(role) for role in ("super_admin", "marketing_manager", "dgo"))
    other = organisation.person("dgo")
    for metric, who, value in (
        ("DGO_REACH", own, 30000),
        ("DGO_REACH", other, 5),
        ("DGO_ENGAGEMENT_RATE_PCT", own, 3.3333),
        ("MKT_LEADS_BY_CHANNEL", None, 7),
        ("SALES_WIN_RATE", None, 25),
    ):
        assert target(admin, metric, who, value).status_code == 201
    assert target(manager, "MKT_LEADS_BY_CHANNEL", manager).status_code == 201
    entry = {"metric_key": "DGO_REACH", "entry_date": "2026-04-02", "value": 10000}
    assert own.http.post("/api/kpi/entries", json=entry).status_code == 201

    for person in (
        admin,
        manager,
        own,
        organisation.person("sales_manager"),
        organisation.person("director"),
    ):
        for path in ("progress", "my", "team"):
            for query in (
                "",
                "&metric_key=DGO_REACH",
                f"&assignee_user_id={own.user_id}",
                "&on=2026-04-30",
                "&on=2026-05-01",
            ):
                assert exported(person, path, query) == shown(person, path, query), (path, query)
    assert len(exported(admin, "progress")) >= 6
    rate, reach = exported(own, "my")
    assert (rate["target_value"], rate["status"], rate["progress_pct"]) == ("3.3333", "NO_DATA", "")
    assert float(reach["progress_pct"]) == pytest.approx(100 / 3, abs=0.01)
    assert {row["assignee_user_id"] for row in exported(manager, "team")} >= {
        str(own.user_id),
        str(other.user_id),
    }
    assert str(manager.user_id) not in {row["assignee_user_id"] for row in exported(manager, "team")}
    assert exported(own, "my", f"&assignee_user_id={other.user_id}") == []

    book = own.http.get(
        "/api/kpi/my?format=xlsx&metric_key=DGO_REACH&fields=metric_key,actual_value,progress_pct"
    )
    (row,) = fastexcel.read_excel(book.content).load_sheet(0).to_polars().rows()
    assert row[:2] == ("DGO_REACH", 10000)
    assert row[2] == pytest.approx(float(reach["progress_pct"]))


def test_who_may_not_see_targets_gets_no_file_and_a_link_gives_ones_own(organisation, marcomm, bff):
    for path in ("progress", "my", "team"):
        refused = organisation.person("exim_ops", "EXI").http.get(f"/api/kpi/{path}?format=csv")
        assert (refused.status_code, problem(refused)["code"]) == (403, "permission.denied")
    made = marcomm.http.post("/api/download-tokens", json={"path": "/api/kpi/my?format=csv"})
    assert made.status_code == 201, made.text
    assert httpx.get(bff + made.json()["path"]).text == marcomm.http.get("/api/kpi/my?format=csv").text


def test_two_overlapping_targets_at_once_become_one(manager, marcomm):
    """Case 84, P27: the period is refused whoever comes first."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda day: target(manager, "MARCOMM_SEO_CONTENT", marcomm, period_start=day),
                ["2026-04-01", "2026-04-10"],
            )
        )
    assert sorted(a.status_code for a in answers) == [201, 409]
    refused = next(a for a in answers if a.status_code == 409)
    assert problem(refused)["code"] == "kpi_target.period.overlap"


def test_what_is_wrong_with_a_target_is_said_by_field(manager, marcomm):
    wrong = target(manager, "MARCOMM_PR_EVENTS_EXECUTED", marcomm, -1, period_start="soon")
    assert wrong.status_code == 422
    assert codes(wrong) == {
        "period_start": "kpi_target.period_start.type",
        "target_value": "kpi_target.target_value.range",
    }


def test_evidence_is_stored_in_ones_own_folder_and_for_ones_manager(organisation, manager, marcomm):
    """Case 103."""
    form = {"metric_key": "MARCOMM_LINKEDIN_POSTS", "notes": "all seven"}
    files = {"file": ("posts.pdf", b"%PDF-1.7 seven posts", "application/pdf")}
    key = {"Idempotency-Key": "proof"}
    made = marcomm.http.post("/api/kpi/evidence", data=form, files=files, headers=key)
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["path"].startswith(f"MARCOMM_LINKEDIN_POSTS/{marcomm.user_id}/")
    assert (body["filename"], body["size"], body["notes"]) == ("posts.pdf", 20, "all seven")
    again = marcomm.http.post("/api/kpi/evidence", data=form, files=files, headers=key)
    assert again.json() == body
    file = f"/api/files/{body['file_id']}"
    assert marcomm.http.get(file).content == b"%PDF-1.7 seven posts"
    assert manager.http.get(file).status_code == 200
    assert organisation.person("dgo").http.get(file).status_code == 404
    (listed,) = manager.http.get("/api/kpi/evidence?metric_key=MARCOMM_LINKEDIN_POSTS").json()["items"]
    assert listed["evidence_id"] == body["id"]


@pytest.mark.parametrize(
    ("data", "file", "status", "fault"),
    [
        ({"metric_key": "NO_SUCH"}, ("a.pdf", b"x"), 422, {"metric_key": "kpi.metric_key.unknown"}),
        ({}, ("a.pdf", b"x"), 422, {"metric_key": "request.missing"}),
        ({"metric_key": "DGO_REACH"}, ("a.exe", b"MZ"), 415, {"file": "evidence.type"}),
        (
            {"metric_key": "DGO_REACH", "entry_id": "999999"},
            ("a.pdf", b"x"),
            422,
            {"entry_id": "kpi_evidence.entry_id.unknown"},
        ),
    ],
)
def test_evidence_that_is_none_leaves_nothing(organisation, marcomm, data, file, status, fault):
    before = organisation.count("app.files")
    answer = marcomm.http.post("/api/kpi/evidence", data=data, files={"file": file})
    assert answer.status_code == status, answer.text
    assert codes(answer) == fault
    assert organisation.count("app.files") == before


def test_metrics_are_listed_for_everybody_and_numbers_are_not(organisation):
    ops = organisation.person("exim_ops", "EXI")
    assert len(ops.http.get("/api/kpi/metrics").json()["items"]) == 68
    for path in ("targets", "entries", "evidence", "progress"):
        assert ops.http.get(f"/api/kpi/{path}").status_code == 403


def test_spend_and_activities_are_recorded_corrected_and_removed(organisation, manager, marcomm):
    spend = {"channel": "SEM", "spend_date": "2026-04-02", "amount": 1500000.25, "campaign_name": "Lebaran"}
    key = {"Idempotency-Key": "one-bill"}
    first = marcomm.http.post("/api/marketing/spend", json=spend, headers=key)
    again = marcomm.http.post("/api/marketing/spend", json=spend, headers=key)
    assert (first.status_code, first.json()) == (201, again.json())
    assert organisation.count("kpi.marketing_spend") == 1
    (listed,) = manager.http.get("/api/marketing/spend?channel=SEM").json()["items"]
    assert listed == first.json()
    assert listed["amount"] == 1500000.25
    path = f"/api/marketing/spend/{listed['spend_id']}"
    assert manager.http.patch(path, json={"amount": 1}).status_code == 403
    assert marcomm.http.patch(path, json={"amount": 2000000}).json()["amount"] == 2000000
    asked = {"metric_key": "MARCOMM_SEM_SPEND", "date_from": "2026-04-01", "date_to": "2026-04-30"}
    found = manager.http.get("/api/kpi/actual", params=asked).json()
    assert (found["value"], found["source"]) == (2000000, "marketing_spend")
    assert marcomm.http.delete(path).json() == {"spend_id": listed["spend_id"]}

    activity = {"activity_name": "seo_content", "activity_date": "2026-04-02", "quantity": 3}
    made = marcomm.http.post("/api/marketing/activities", json=activity).json()
    path = f"/api/marketing/activities/{made['activity_id']}"
    changed = marcomm.http.patch(path, json={"channel": "LinkedIn"}).json()
    assert (changed["channel"], changed["quantity"]) == ("LinkedIn", 3)
    found = manager.http.get("/api/marketing/activities?activity_name=seo_content").json()["items"]
    assert found == [changed]
    assert organisation.person().http.delete(path).status_code == 200
    wrong = marcomm.http.post("/api/marketing/activities", json=activity | {"channel": "Radio"})
    assert codes(wrong) == {"channel": "marketing_activity.channel.unknown"}


def test_a_file_of_entries_comes_in_by_one_call_and_again_changes_them(organisation, marcomm):
    """Case 123."""
    (code,) = organisation.sql("select user_code from app.profiles where user_id = %s", marcomm.user_id)[0]

    def send(reach: int):
        text = (
            "Metric,Tanggal,Nilai,User code\n"
            f"DGO_REACH,2026-03-01,{reach},{code}\nSALES_REVENUE,2026-03-01,5,{code}\n"
        )
        return marcomm.http.post("/api/kpi/import", files={"file": ("reach.csv", text.encode())})

    first = send(1000)
    assert first.status_code == 201, first.text
    assert (first.json()["success_rows"], first.json()["error_rows"]) == (1, 1)
    rows = marcomm.http.get(f"/api/imports/{first.json()['import_id']}/rows?status=error").json()["items"]
    assert [error["code"] for row in rows for error in row["errors"]] == ["kpi_entry.metric_key.auto"]
    assert send(1000).status_code == 200, "the same file is the same import"
    assert send(2000).json()["success_rows"] == 1
    (entry,) = marcomm.http.get("/api/kpi/entries?metric_key=DGO_REACH").json()["items"]
    assert (entry["value"], entry["source"]) == (2000, "IMPORTED")


def test_files_of_spend_and_activities_come_in(manager):
    spend = "channel,date,cost\nSEM,2026-03-01,100\nRadio,2026-03-01,5\n"
    made = manager.upload(spend, "spend.csv", module="marketing_spend").json()
    done = manager.http.post(f"/api/imports/{made['import_id']}/process").json()
    assert (done["success_rows"], done["error_rows"], done["status"]) == (1, 1, "completed")
    activities = "activity,date,qty\nsocial_post,2026-03-01,4\n"
    made = manager.upload(activities, "done.csv", module="marketing_activities").json()
    done = manager.http.post(f"/api/imports/{made['import_id']}/process").json()
    assert (done["success_rows"], done["status"]) == (1, "completed")
    found = manager.http.get("/api/marketing/activities?activity_name=social_post").json()["items"]
    assert [(a["quantity"], a["source_import_id"]) for a in found] == [(4, made["import_id"])]
