"""Imports before and after: saved mappings, dry runs, and taking an import back."""

import json

import pytest
from organisation import LEAD, Organisation, problem

COLUMNS = (
    "company_name",
    "pic_name",
    "contact_phone",
    "email",
    "city_area",
    "service_code",
    "primary_channel",
)


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


def a_file(count: int, word: str) -> str:
    rows = [
        f"PT {word} {n},Pic {n},0812{n:04}{len(word):04},{word}{n}@x.test,Jakarta,DOM_LTL,SEM"
        for n in range(count)
    ]
    return "\n".join([",".join(COLUMNS), *rows]) + "\n"


def imported(person, content: str) -> int:
    import_id = person.upload(content).json()["import_id"]
    done = person.http.post(f"/api/imports/{import_id}/process").json()
    assert done["status"] == "completed", done
    return import_id


def counts(organisation) -> tuple[int, ...]:
    tables = ("crm.leads", "crm.prospects", "crm.customers", "crm.contacts", "crm.customer_keys")
    return tuple(organisation.count(table) for table in tables)


def test_an_import_is_taken_back_but_what_was_edited(organisation):
    person = organisation.person()
    person.http.post("/api/leads", json=LEAD)
    before = counts(organisation)

    content = a_file(700, "Satu")
    import_id = imported(person, content)
    assert counts(organisation)[0] == before[0] + 700
    assert problem(person.http.get(f"/api/imports/{import_id}/undo"))["code"] == "import.undo.not_found"
    undone = person.http.post(f"/api/imports/{import_id}/undo")
    assert undone.status_code == 200, undone.text
    assert (undone.json()["status"], undone.json()["removed_rows"]) == ("undone", 3 * 700)
    assert counts(organisation) == before
    assert person.http.post(f"/api/imports/{import_id}/undo").json() == undone.json()
    assert person.http.get(f"/api/imports/{import_id}").json()["undone_at"]

    again = imported(person, content)
    assert again != import_id
    (lead,) = person.http.get("/api/leads?limit=1").json()["items"]
    changed = person.http.patch(f"/api/leads/{lead['lead_id']}", json={"notes": "Called."})
    assert changed.status_code == 200, changed.text
    person.http.post(f"/api/imports/{again}/undo")
    shown = person.http.get(f"/api/imports/{again}/undo").json()
    assert [(item["target_id"], item["reason"]) for item in shown["items"]] == [(lead["lead_id"], "changed")]
    assert (shown["refused_rows"], shown["next"]) == (1, None)
    assert counts(organisation)[:4] == tuple(n + 1 for n in before[:4])
    assert person.http.get(f"/api/leads/{lead['lead_id']}").json()["notes"] == "Called."


def test_nobody_else_takes_it_back(organisation):
    person = organisation.person()
    import_id = imported(person, a_file(3, "Dua"))
    path = f"/api/imports/{import_id}/undo"
    assert problem(organisation.person("marcomm", "MKT").http.post(path))["code"] == "import.not_found"
    assert problem(organisation.person("director", "DIR").http.post(path))["code"] == "permission.denied"
    stranger = Organisation(organisation.admin_url, organisation.bff)
    assert problem(stranger.person().http.post(path))["code"] == "import.not_found"
    stranger.close()
    assert organisation.sql("select count(*) from crm.leads where source_import_id = %s", import_id) == [(3,)]


EVERYTHING = """
    select jsonb_build_object(
        'leads', (select count(*) from crm.leads), 'customers', (select jsonb_agg(c) from crm.customers c),
        'contacts', (select count(*) from crm.contacts), 'keys', (select count(*) from crm.customer_keys),
        'ids', (select jsonb_agg(s) from app.id_sequences s), 'events', (select count(*) from app.outbox),
        'audit', (select count(*) from app.audit_logs), 'told', (select count(*) from app.notifications),
        'rows', (select jsonb_agg(r) from ingest.import_rows r),
        'imports', (select jsonb_agg(i) from ingest.imports i)
    )::text
"""


def test_a_dry_run_says_what_the_real_one_does_and_leaves_nothing(organisation):
    person = organisation.person()
    known = "PT Tahu,Pic,081299990000,tahu@x.test,Jakarta,DOM_LTL,SEM"
    imported(person, ",".join(COLUMNS) + "\n" + known + "\n")
    bad = "PT Salah,Pic,0812,nobody,Jakarta,NONE,SEM"
    content = a_file(600, "Tiga") + "\n".join(
        (bad, known, "PT Tiga 5,Pic 5,081200050004,Tiga5@x.test,Jakarta,DOM_LTL,SEM", "")
    )
    import_id = person.upload(content).json()["import_id"]

    before = organisation.sql(EVERYTHING)
    report = person.http.post(f"/api/imports/{import_id}/dry-run")
    assert report.status_code == 200, report.text
    assert organisation.sql(EVERYTHING) == before
    again = person.http.post(f"/api/imports/{import_id}/dry-run")
    assert again.json()["import"]["status"] == "completed"

    person.http.post(f"/api/imports/{import_id}/process")
    real = person.http.get(f"/api/imports/{import_id}").json()
    told = report.json()
    assert told["is_whole"] is True
    counts = ("status", "total_rows", "success_rows", "error_rows", "skipped_rows", "duplicate_rows")
    assert {name: told["import"][name] for name in counts} == {name: real[name] for name in counts}
    assert (real["success_rows"], real["error_rows"], real["skipped_rows"], real["duplicate_rows"]) == (
        600,
        1,
        1,
        1,
    )
    rows = [
        row
        for status in ("error", "skipped", "duplicate")
        for row in person.http.get(f"/api/imports/{import_id}/rows?status={status}").json()["items"]
    ]
    assert told["rows"] == rows

    path = f"/api/imports/{import_id}/dry-run"
    assert problem(organisation.person("marcomm", "MKT").http.post(path))["code"] == "import.not_found"
    assert problem(organisation.person("exim_ops", "EXI").http.post(path))["code"] == "permission.denied"


def test_saved_mappings_are_listed_and_forgotten(organisation):
    person = organisation.person()
    header = "Firma,Nama PIC,Kontak,Surel,Kota,Layanan,Kanal"
    content = f"{header}\nPT Empat,Pic,0812000040,e@x.test,Jakarta,DOM_LTL,SEM\n"
    names = dict(zip(header.split(","), COLUMNS, strict=True))
    form = {"module": "leads", "mapping": json.dumps(names), "save_mapping": "true"}
    uploaded = person.http.post("/api/imports", data=form, files={"file": ("f.csv", content, "text/csv")})
    assert uploaded.status_code == 201, uploaded.text
    (saved,) = person.http.get("/api/imports/mappings?module=leads").json()["items"]
    assert saved["mapping"] == names
    assert organisation.person().http.get("/api/imports/mappings").json()["items"] == []

    path = f"/api/imports/mappings/leads/{saved['mapping_id']}"
    assert problem(organisation.person().http.delete(path))["code"] == "import.mapping.not_found"
    assert person.http.delete(path).status_code == 200
    assert problem(person.http.delete(path))["code"] == "import.mapping.not_found"
    assert person.http.get("/api/imports/mappings").json() == {"items": [], "next": None}
