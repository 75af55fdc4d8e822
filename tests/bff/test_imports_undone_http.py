"""Imports before and after: saved mappings, dry runs, and taking an import back."""

import json

import pytest
from member_files import members, upload, workbook
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


def imported(person, content: str, module: str = "leads") -> int:
    import_id = person.upload(content, f"{module}.csv", module).json()["import_id"]
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


FILES = {
    "customers": (
        "crm.customers",
        "company_name,pic_name,pic_phone,pic_email\nPT Enam,Pic,081266660001,e1@x.test\n"
        "PT Tujuh,Pic,081266660002,e2@x.test",
        ("patch", "/api/customers/{}", {"city": "Medan"}),
    ),
    "contacts": (
        "crm.contacts",
        "company_name,full_name\nPT Lima,Ani\nPT Lima,Budi",
        ("patch", "/api/contacts/{}", {"notes": "by hand"}),
    ),
    "invoices": (
        "ar.invoices",
        "company_name,invoice_date,due_date,invoice_amount\nPT Lima,2026-01-01,2026-01-31,10\n"
        "PT Lima,2026-01-02,2026-01-31,20",
        ("patch", "/api/invoices/{}", {"notes": "by hand"}),
    ),
    "payments": (
        "ar.payments",
        "invoice_id,payment_date,amount\nL/1,2026-01-02,1\nL/1,2026-01-03,2",
        ("post", "/api/payments/{}/reverse", {"reason": "wrong"}),
    ),
    "kpi_entries": (
        "kpi.kpi_entries",
        "metric_key,entry_date,value\nDGO_REACH,2026-01-01,1\nDGO_REACH,2026-01-02,2",
        ("patch", "/api/kpi/entries/{}", {"value": 3}),
    ),
    "marketing_spend": (
        "kpi.marketing_spend",
        "channel,spend_date,amount\nSEM,2026-01-01,1\nSEM,2026-01-02,2",
        ("patch", "/api/marketing/spend/{}", {"amount": 3}),
    ),
    "marketing_activities": (
        "kpi.marketing_activity_events",
        "activity_name,activity_date,quantity\nBooth,2026-01-01,1\nTalk,2026-01-02,2",
        ("patch", "/api/marketing/activities/{}", {"quantity": 3}),
    ),
}
"""The table that a file of two rows fills, the file, and how somebody works on one of them."""


@pytest.mark.parametrize("module", FILES)
def test_files_of_every_module_are_taken_back(organisation, module):
    table, content, (method, path, body) = FILES[module]
    person = organisation.person()
    if not organisation.sql("select true from crm.customers where company_name = 'PT Lima'"):
        company = {"company_name": "PT Lima", "email": "l@x.test", "contact_phone": "081255550001"}
        made = person.http.post("/api/leads", json={**LEAD, **company})
        bill = {"invoice_date": "2026-01-01", "due_date": "2026-01-31", "invoice_amount": 100}
        customer = {"customer_id": made.json()["customer_id"], "external_no": "L/1"}
        assert person.http.post("/api/invoices", json={**bill, **customer}).status_code == 201
    rows = (
        "select coalesce(jsonb_agg(r.image order by r.image::text), '[]') from ("
        f"select to_jsonb(t) - '{{updated_at,version}}'::text[] as image"
        f" from {table} t where t.org_id = %s) r"
    )
    before = organisation.sql(rows, organisation.org_id)[0][0]

    import_id = imported(person, content, module)
    undone = person.http.post(f"/api/imports/{import_id}/undo")
    assert undone.status_code == 200, undone.text
    assert (undone.json()["status"], undone.json()["refused_rows"]) == ("undone", 0)
    assert organisation.sql(rows, organisation.org_id)[0][0] == before
    assert person.http.post(f"/api/imports/{import_id}/undo").json() == undone.json()

    again = imported(person, content, module)
    _, made = person.http.get(f"/api/imports/{again}/rows?status=success").json()["items"]
    worked = person.http.request(method, path.format(made["target_id"]), json=body)
    assert worked.status_code in (200, 201), worked.text
    person.http.post(f"/api/imports/{again}/undo")
    (item,) = person.http.get(f"/api/imports/{again}/undo").json()["items"]
    expected = (table, made["target_id"], "in_use" if module == "payments" else "changed", made["row_no"])
    assert (item["target_table"], item["target_id"], item["reason"]) == expected[:3]
    assert item["row_no"] in (expected[3], None)
    after = organisation.sql(rows, organisation.org_id)[0][0]
    assert len(after) == len(before) + (2 if module == "payments" else 1)


def test_a_list_of_members_is_taken_back_but_those_who_were_handed_out(organisation):
    admin, staff = organisation.person("master_admin"), organisation.person("staff", "MKT")
    product = admin.http.post("/api/products", json={"name": "Undone"}).json()["product_id"]
    database = upload(admin, workbook(members(600)), "Undone", product).json()["id"]
    (import_id,) = organisation.sql(
        "select import_id from members.databases where database_id = %s", database
    )[0]
    undone = admin.http.post(f"/api/imports/{import_id}/undo").json()
    assert (undone["status"], undone["removed_rows"], undone["refused_rows"]) == ("undone", 601, 0)
    assert organisation.count("members.records") == organisation.count("members.databases") == 0
    assert admin.http.get("/api/memberwd/databases").json()["items"] == []

    database = upload(admin, workbook(members(30)), "Undone", product).json()["id"]
    (import_id,) = organisation.sql(
        "select import_id from members.databases where database_id = %s", database
    )[0]
    body = {"database_id": database, "staff_id": str(staff.user_id), "quantity": 4}
    assert admin.http.post("/api/memberwd/assign-random", json=body).status_code == 200
    admin.http.post(f"/api/imports/{import_id}/undo")
    shown = admin.http.get(f"/api/imports/{import_id}/undo").json()
    assert (shown["removed_rows"], shown["refused_rows"]) == (26, 4)
    assert {item["reason"] for item in shown["items"]} == {"in_use"}
    (found,) = admin.http.get("/api/memberwd/databases").json()["items"]
    assert (found["total_records"], found["assigned_count"]) == (4, 4)


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
