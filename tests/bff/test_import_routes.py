"""Imports over HTTP beside the upload itself: lists, mending, the file of errors, events, mappings."""

import csv
import io
import json
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from organisation import LEAD, Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(organisation) -> Person:
    return organisation.person()


def lead(**more: str) -> dict[str, str]:
    """A lead of a company that nobody else has."""
    word = uuid4().hex[:12]
    phone = f"+62 8{int(word, 16) % 10**9:09}"
    return LEAD | {"company_name": f"PT {word}", "email": f"{word}@x.test", "contact_phone": phone} | more


def file_of(*leads: dict[str, str], header: dict[str, str] | None = None) -> str:
    text = io.StringIO()
    names = {name: (header or {}).get(name, name) for name in LEAD}
    writer = csv.writer(text)
    writer.writerow(names.values())
    writer.writerows([[row[name] for name in names] for row in leads])
    return text.getvalue()


def imported(person: Person, content: str, **fields: Any) -> dict[str, Any]:
    answer = person.http.post(
        "/api/imports",
        data={"module": "leads"} | {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()},
        files={"file": ("leads.csv", content, "text/csv")},
    )
    assert answer.status_code == 201, answer.text
    return processed(person, answer.json()["import_id"])


def processed(person: Person, import_id: int) -> dict[str, Any]:
    return person.http.post(f"/api/imports/{import_id}/process").json()


# Mend and retry (case 118)


def test_a_bad_row_is_mended_and_only_it_is_made(organisation, person):
    done = imported(person, file_of(lead(), lead(email="nobody"), lead(), lead(service_code="NONE"), lead()))
    assert (done["success_rows"], done["error_rows"]) == (3, 2)
    before = organisation.count("crm.leads")
    path = f"/api/imports/{done['import_id']}"
    again = person.http.post(f"{path}/retry", json={"rows": {"3": {"email": "somebody@x.test"}}})
    assert again.status_code == 200, again.text
    assert (again.json()["status"], again.json()["success_rows"], again.json()["error_rows"]) == (
        "completed",
        4,
        1,
    )
    assert organisation.count("crm.leads") == before + 1
    trail = organisation.sql(
        "select before_data #>> '{row_data,email}', after_data #>> '{row_data,email}' from app.audit_logs"
        " where table_name = 'ingest.import_rows' and record_id = %s",
        f"{done['import_id']}/3",
    )
    assert trail == [("nobody", "somebody@x.test")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"rows": {"2": {"email": "x@y.test"}}}, {"rows.2": "import.row.not_an_error"}),
        ({"rows": {"77": {"email": "x@y.test"}}}, {"rows.77": "import.row.not_an_error"}),
        ({"rows": {"3": {"colour": "red"}}}, {"rows.3.colour": "import.row.unknown_column"}),
        ({"rows": {"3": {"email": 5}}}, {"rows.3.email": "request.string_type"}),
        ({"rows": {"3": {}}}, {"rows.3": "request.not_an_object"}),
        ({"rows": []}, {"rows": "request.dict_type"}),
        ({"lines": {}}, {"lines": "request.extra_forbidden"}),
        ({"rows": {"3": {"email": "a\0b"}}}, {"rows.3.email": "request.nul"}),
    ],
)
def test_what_cannot_be_mended_is_refused_by_name_and_nothing_is_retried(person, body, expected):
    done = imported(person, file_of(lead(), lead(email="nobody")))
    path = f"/api/imports/{done['import_id']}"
    answer = person.http.post(f"{path}/retry", json=body)
    assert answer.status_code == 422
    assert codes(answer) == expected
    assert person.http.get(path).json() == done


def test_a_retry_without_a_body_or_with_an_empty_one_tries_again_as_it_is(person):
    done = imported(person, file_of(lead(), lead(email="nobody")))
    path = f"/api/imports/{done['import_id']}/retry"
    for attempt, options in enumerate(
        [{}, {"json": {}}, {"json": {"rows": None}}, {"json": {"rows": {}}}], 2
    ):
        answer = person.http.post(path, **options)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["attempt"], answer.json()["error_rows"]) == (attempt, 1)
    assert person.http.post(path, content=b"rows", headers={"Content-Type": "text/plain"}).status_code == 415
    assert (
        person.http.post(path, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    )


# The list


def test_the_list_has_what_one_may_see_newest_first_page_by_page(organisation):
    somebody, other = organisation.person("marcomm"), organisation.person("marcomm")
    made = [imported(somebody, file_of(lead()))["import_id"] for _ in range(3)]
    failed = imported(somebody, file_of(lead(email="bad")))["import_id"]
    imported(other, file_of(lead()))
    page = somebody.http.get("/api/imports", params={"limit": "2"}).json()
    assert [item["import_id"] for item in page["items"]] == [failed, made[2]]
    assert page["items"][1] == somebody.http.get(f"/api/imports/{made[2]}").json()
    rest = somebody.http.get("/api/imports", params={"limit": "2", "cursor": page["next"]}).json()
    assert [item["import_id"] for item in rest["items"]] == [made[1], made[0]]
    assert rest["next"] is None
    assert [
        item["import_id"]
        for item in somebody.http.get("/api/imports", params={"status": "failed"}).json()["items"]
    ] == [failed]
    manager = organisation.person("marketing_manager")
    assert {failed, *made} < {
        item["import_id"] for item in manager.http.get("/api/imports?module=leads").json()["items"]
    }
    assert somebody.http.get("/api/imports?module=nothing").status_code == 422
    assert organisation.person("exim_ops", "EXI").http.get("/api/imports").status_code == 403


# The file of errors


def test_the_file_of_errors_has_line_reasons_and_the_rows_own_cells(person):
    rows = [
        lead(),
        lead(email="no mail", company_name='=HYPERLINK("http://x")', contact_phone="+62 811"),
        lead(
            email="also, none", company_name="Ünï\ncode", pic_name="@cmd", city_area="-1", service_code="\tx"
        ),
    ]
    done = imported(person, file_of(*rows) + "PT Short,only two\n" + ",".join(["long"] * 9) + "\n")
    answer = person.http.get(f"/api/imports/{done['import_id']}/errors.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf"), "spreadsheets know UTF-8 by its mark"
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert table[0] == ["line", "reasons", *LEAD]
    assert [row[0] for row in table[1:]] == ["3", "4", "6", "7"]
    assert "email: must be an e-mail address" in table[1][1]
    assert dict(zip(LEAD, table[1][2:], strict=True)) == {
        **rows[1],
        "company_name": '\'=HYPERLINK("http://x")',
        "contact_phone": "'+62 811",
    }
    found = dict(zip(LEAD, table[2][2:], strict=True))
    assert (found["company_name"], found["pic_name"]) == ("Ünï\ncode", "'@cmd")
    assert (found["city_area"], found["service_code"]) == ("'-1", "'\tx")
    assert table[3][2:4] == ["PT Short", "only two"]
    assert table[4][2:] == ["long"] * 9, "cells too many are there as well"
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_file_of_errors_is_whole_however_many_there_are(person):
    done = imported(person, file_of(lead()) + "short\n" * 2_345)
    answer = person.http.get(f"/api/imports/{done['import_id']}/errors.csv")
    table = list(csv.reader(io.StringIO(answer.text)))
    assert [row[0] for row in table[1:]] == [str(line) for line in range(3, 2_348)]


# Events


def events(response: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    """Name and data of each event, until the stream ends."""
    found, name = [], ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
    return found


def test_progress_is_sent_until_the_import_is_closed(person, bff):
    staged = person.upload(file_of(*(lead() for _ in range(1_200)))).json()
    path = f"/api/imports/{staged['import_id']}"
    headers = {"Authorization": person.http.headers["authorization"]}
    found: list[tuple[str, dict[str, Any]]] = []

    def listen() -> None:
        with httpx.stream("GET", f"{bff}{path}/events", headers=headers, timeout=60) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            found.extend(events(response))

    listening = threading.Thread(target=listen)
    listening.start()
    time.sleep(1)
    done = processed(person, staged["import_id"])
    while done["status"] == "processing":
        done = processed(person, staged["import_id"])
    listening.join(30)
    assert not listening.is_alive()
    assert {k: v for k, v in staged.items() if k != "duplicate_of"} == found[0][1]
    assert [name for name, _ in found] == ["progress"] * (len(found) - 1) + ["done"]
    assert found[-1][1] == done
    counted = [import_["success_rows"] for _, import_ in found]
    assert counted == sorted(counted)
    assert len({json.dumps(import_) for name, import_ in found if name == "progress"}) == len(found) - 1


def test_of_a_closed_import_there_is_one_look_and_the_end(person):
    done = imported(person, file_of(lead()))
    with person.http.stream("GET", f"/api/imports/{done['import_id']}/events") as response:
        assert events(response) == [("progress", done), ("done", done)]


def test_the_stream_ends_for_somebody_who_is_no_longer_here(organisation, bff):
    somebody = organisation.person()
    import_id = somebody.upload(file_of(lead())).json()["import_id"]
    headers = {"Authorization": somebody.http.headers["authorization"]}
    with httpx.stream(
        "GET", f"{bff}/api/imports/{import_id}/events", headers=headers, timeout=20
    ) as response:
        lines = response.iter_lines()
        assert next(lines) == "event: progress"
        organisation.sql("update app.profiles set is_active = false where user_id = %s", somebody.user_id)
        rest = "\n".join(lines)
    assert "event: done" not in rest


@pytest.mark.parametrize("path", ["events", "errors.csv"])
def test_what_one_may_not_see_is_not_there(organisation, person, path):
    import_id = person.upload(file_of(lead())).json()["import_id"]
    for stranger in (organisation.person("marcomm"), organisation.person("finance", "FIN")):
        answer = stranger.http.get(f"/api/imports/{import_id}/{path}")
        assert answer.status_code == 404
        assert problem(answer)["code"] == "import.not_found"
    assert person.http.get(f"/api/imports/99999999/{path}").status_code == 404
    assert person.http.get(f"/api/imports/{import_id}/{path}?x=1").status_code == 422


# Mappings


def test_columns_are_known_by_synonyms_or_as_one_says_and_remembers(person):
    indonesian = {
        "company_name": "Nama Perusahaan",
        "pic_name": "Nama PIC",
        "contact_phone": "No. HP",
        "email": "E-Mail",
        "city_area": "Kota",
        "service_code": "Kode Layanan",
        "primary_channel": "Sumber",
    }
    done = imported(person, file_of(lead(), header=indonesian))
    assert (done["status"], done["success_rows"], done["missing_columns"]) == ("completed", 1, [])

    strange = {name: f"Spalte {number}" for number, name in enumerate(LEAD)}
    mapping = {header: name for name, header in strange.items()}
    assert imported(person, file_of(lead(), header=strange))["error_rows"] == 1
    done = imported(person, file_of(lead(), header=strange), mapping=mapping, save_mapping="true")
    assert (done["success_rows"], done["mapping"]) == (1, mapping)
    assert imported(person, file_of(lead(), header=strange))["success_rows"] == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"mapping": {"email": "colour", "city_area": "notes", "pic_name": "notes", "nowhere": "npwp"}},
            {
                "mapping.email": "import.mapping.unknown_column",
                "mapping.city_area": "import.mapping.duplicate_column",
                "mapping.pic_name": "import.mapping.duplicate_column",
                "mapping.nowhere": "import.mapping.unknown_header",
            },
        ),
        ({"mapping": "[]"}, {"mapping": "request.not_an_object"}),
        ({"mapping": "{"}, {"mapping": "request.json_invalid"}),
        ({"mapping": '{"email": "npwp", "email": "notes"}'}, {"mapping.email": "request.duplicate"}),
        ({"mapping": {"email": 5}}, {"mapping.email": "import.mapping.unknown_column"}),
        ({"options": {"product_id": 5}}, {"options.product_id": "request.extra_forbidden"}),
        ({"options": "7"}, {"options": "request.not_an_object"}),
        ({"save_mapping": "maybe"}, {"save_mapping": "request.bool"}),
    ],
)
def test_a_mapping_and_options_are_checked_and_nothing_is_kept(organisation, person, fields, expected):
    before = organisation.count("ingest.imports"), organisation.count("ingest.saved_mappings")
    answer = person.http.post(
        "/api/imports",
        data={"module": "leads"} | {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()},
        files={"file": ("leads.csv", file_of(lead()), "text/csv")},
    )
    assert answer.status_code == 422
    assert codes(answer) == expected
    assert (organisation.count("ingest.imports"), organisation.count("ingest.saved_mappings")) == before
