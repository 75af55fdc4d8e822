"""Entries of metrics that come in as JSON rows: as if they had come in a file."""

import csv
import io
import json

import pytest
from organisation import Organisation, Person, codes, problem

PATH = "/api/kpi/import"
ROW = {"metric_key": "DGO_REACH", "entry_date": "2026-03-01", "value": 1000}


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def marcomm(organisation) -> Person:
    return organisation.person("marcomm")


def send(person: Person, *rows: object, **headers: str):
    return person.http.post(PATH, json={"rows": rows}, headers=headers)


def literal(person: Person, body: str):
    return person.http.post(PATH, content=body, headers={"Content-Type": "application/json"})


def staged(person: Person, import_id: int, status: str = "") -> list[dict]:
    query = f"?status={status}" if status else ""
    return person.http.get(f"/api/imports/{import_id}/rows{query}").json()["items"]


def kept(organisation: Organisation) -> list[int]:
    return [organisation.count(table) for table in ("ingest.imports", "app.files", "kpi.kpi_entries")]


def test_rows_become_entries_and_each_bad_one_an_error_of_its_line(organisation):
    person = organisation.person("marcomm")
    (code,) = organisation.sql("select user_code from app.profiles where user_id = %s", person.user_id)[0]
    done = send(
        person,
        ROW | {"assignee": code, "notes": "weekly"},
        ROW | {"metric_key": "SALES_REVENUE"},
        ROW | {"entry_date": "2026-03-02", "value": "12.5"},
        ROW | {"entry_date": "soon", "value": "many"},
        ROW | {"entry_date": "2026-03-03", "value": None, "colour": "red"},
    )
    assert done.status_code == 201, done.text
    body = done.json()
    assert (body["module"], body["status"], body["file_name"]) == ("kpi_entries", "completed", "rows.csv")
    assert (body["total_rows"], body["success_rows"], body["error_rows"]) == (5, 2, 3)
    assert body["header"] == ["metric_key", "entry_date", "value", "assignee", "notes", "colour"]
    assert body["ignored_columns"] == ["colour"]
    wrong = {
        row["row_no"]: [error["code"] for error in row["errors"]]
        for row in staged(person, body["import_id"], "error")
    }
    assert wrong == {
        3: ["kpi_entry.metric_key.auto"],
        5: ["kpi_entry.entry_date.format", "kpi_entry.value.format"],
        6: ["kpi_entry.value.required"],
    }
    errors = person.http.get(f"/api/imports/{body['import_id']}/errors.csv").text
    assert [line.split(",")[0] for line in errors.splitlines()[1:]] == ["3", "5", "6"]
    entries = person.http.get("/api/kpi/entries").json()["items"]
    assert [(e["entry_date"], e["value"], e["notes"], e["source"]) for e in entries] == [
        ("2026-03-02", 12.5, None, "IMPORTED"),
        ("2026-03-01", 1000, "weekly", "IMPORTED"),
    ]
    assert person.http.post(f"/api/imports/{body['import_id']}/undo").json()["status"] == "undone"
    assert person.http.get("/api/kpi/entries").json()["items"] == []


def test_the_same_rows_are_the_same_import_in_whatever_order_their_keys_stand(organisation, marcomm):
    rows = [ROW | {"entry_date": "2026-02-01"}, ROW | {"entry_date": "2026-02-02", "notes": "b"}]
    first = send(marcomm, *rows)
    assert first.status_code == 201, first.text
    before = kept(organisation)
    again = send(marcomm, *({name: row[name] for name in reversed(row)} for row in rows))
    assert (again.status_code, again.json()) == (200, first.json())
    assert kept(organisation) == before
    assert send(marcomm, *reversed(rows)).status_code == 201, "other lines are another file"


def test_a_key_makes_a_repetition_the_same_answer(organisation, marcomm):
    row = ROW | {"entry_date": "2026-02-11"}
    first = send(marcomm, row, **{"Idempotency-Key": "rows-once"})
    before = kept(organisation)
    again = send(marcomm, row, **{"Idempotency-Key": "rows-once"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = send(marcomm, row | {"value": 1}, **{"Idempotency-Key": "rows-once"})
    assert (other.status_code, problem(other)["code"]) == (422, "idempotency.payload_mismatch")
    assert kept(organisation) == before


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("x")',
        'a "b", c;d\te',
        "two\nlines",
        "a\r\nb\rc",
        "'+1",
        "é漢🐘",
        "\ufeffx",
        "back\\slash %s",
        " x ",
    ],
)
def test_a_text_is_kept_as_it_is(marcomm, text):
    key = f"n{sum(map(ord, text))}"
    done = send(marcomm, {"metric_key": key, "notes": text, "a;b": "1"}, {"metric_key": "last"}).json()
    assert done["delimiter"] == ","
    first, last = staged(marcomm, done["import_id"])
    assert first["row_data"] == {"metric_key": key, "notes": text, "a;b": "1"}
    assert last["row_data"] == {"metric_key": "last", "notes": "", "a;b": ""}
    assert last["row_no"] == 3 + len(text.splitlines()) - 1
    stored = marcomm.http.get(f"/api/files/{done['file_id']}").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(stored, newline="")))[1] == [key, text, "1"]


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("0.1", "0.1"),
        ("1.50", "1.50"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("1e3", "1000"),
        ("2.5E-2", "0.025"),
        ("-3", "-3"),
    ],
)
def test_a_number_is_kept_as_it_is_written(marcomm, number, cell):
    done = literal(marcomm, f'{{"rows": [{{"metric_key": "n", "value": {number}}}]}}').json()
    (row,) = staged(marcomm, done["import_id"])
    assert row["row_data"] == {"metric_key": "n", "value": cell}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"rows": "request.missing"}),
        ({"rows": []}, {"rows": "request.too_short"}),
        ({"rows": None}, {"rows": "request.list_type"}),
        ({"rows": ROW}, {"rows": "request.list_type"}),
        ({"rows": [ROW, 5]}, {"rows[1]": "request.dict_type"}),
        ({"rows": [ROW, {}]}, {"rows[1]": "import.row.blank"}),
        ({"rows": [{"value": None, "notes": " "}]}, {"rows[0]": "import.row.blank"}),
        ({"rows": [ROW], "file": "x"}, {"file": "request.extra_forbidden"}),
        ({"rows": [ROW, ROW | {"value": True}]}, {"rows[1].value": "request.scalar"}),
        (
            {"rows": [ROW | {"notes": {"a": 1}, "value": [1]}]},
            {"rows[0].notes": "request.scalar", "rows[0].value": "request.scalar"},
        ),
        ({"rows": [ROW | {"notes": "a\0b"}]}, {"rows[0].notes": "request.nul"}),
        ({"rows": [ROW | {"no\0tes": "x"}]}, {"rows[0].no\ufffdtes": "request.nul"}),
        ({"rows": [ROW | {"notes": "x" * 10_001}]}, {"rows[0].notes": "request.string_too_long"}),
        ({"rows": [ROW | {" ": "x"}]}, {"rows[0]": "import.blank_header"}),
        ({"rows": [ROW, {"Value": "5"}]}, {"rows": "import.duplicate_header"}),
        ({"rows": [{f"c{n}": 1} for n in range(501)]}, {"rows": "import.too_many_columns"}),
        ({"rows": [{"value": n} for n in range(5001)]}, {"rows": "request.too_long"}),
    ],
)
def test_what_are_no_rows_is_refused_by_name_and_leaves_nothing(organisation, marcomm, body, expected):
    before = kept(organisation)
    answer = marcomm.http.post(PATH, json=body)
    assert answer.status_code == 422, answer.text
    assert codes(answer) == expected
    assert kept(organisation) == before


def test_a_hundred_faults_are_told_and_no_more(marcomm):
    for rows in ([{"value": True}] * 5000, [1] * 5000):
        assert len(problem(send(marcomm, *rows))["errors"]) == 100


def test_a_number_twice_or_without_end_is_refused(marcomm):
    twice = literal(marcomm, '{"rows": [{"value": 1, "value": 2}]}')
    assert codes(twice) == {"value": "request.duplicate"}
    for number in ("1e400", "9" * 31, "1." + "9" * 30):
        found = literal(marcomm, f'{{"rows": [{{"value": {number}}}]}}')
        assert codes(found) == {"rows[0].value": "request.number_too_large"}
    assert problem(literal(marcomm, '{"rows": ['))["code"] == "request.json_invalid"


def test_a_form_has_a_file_and_no_rows(organisation, marcomm):
    before = kept(organisation)
    rows = json.dumps([ROW])
    both = marcomm.http.post(PATH, data={"rows": rows}, files={"file": ("a.csv", "metric_key\nx\n")})
    assert (both.status_code, codes(both)) == (422, {"rows": "request.extra_forbidden"})
    neither = marcomm.http.post(PATH, files={"rows": (None, rows)})
    assert codes(neither) == {"rows": "request.extra_forbidden", "file": "request.missing"}
    for media_type in ("text/csv", "application/x-www-form-urlencoded", ""):
        answer = marcomm.http.post(PATH, content=rows, headers={"Content-Type": media_type})
        assert (answer.status_code, problem(answer)["code"]) == (415, "request.media_type")
    assert kept(organisation) == before


def test_rows_are_bounded_by_the_limit_of_a_json_body_and_a_file_is_not(marcomm):
    text = "metric_key,notes\nx," + "y" * 3_000_000 + "\n"
    assert marcomm.http.post(PATH, files={"file": ("a.csv", text)}).status_code == 201
    headers = {"Content-Type": "application/json"}
    for content in (b" " * 3_000_000, iter([b" " * 1_000_000] * 3)):
        answer = marcomm.http.post(PATH, content=content, headers=headers)
        assert (answer.status_code, problem(answer)["code"]) == (413, "request.too_large")


@pytest.mark.parametrize(("role", "dept"), [("exim_ops", "EXI"), ("salesperson", "SAL"), ("finance", "FIN")])
def test_who_may_not_import_may_not_send_rows(organisation, role, dept):
    before = kept(organisation)
    answer = send(organisation.person(role, dept), ROW)
    assert (answer.status_code, problem(answer)["code"]) == (403, "permission.denied")
    assert kept(organisation) == before
