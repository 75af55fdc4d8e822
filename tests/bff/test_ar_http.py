"""Invoices and payments over HTTP: made once, paid never too much, seen by whom they concern."""

from uuid import uuid4

import pytest
from organisation import Organisation, Person, codes, problem


@pytest.fixture(scope="module")
def organisation(database, bff):
    made = Organisation(database, bff)
    yield made
    made.close()


@pytest.fixture(scope="module")
def finance(organisation) -> Person:
    return organisation.person("finance", "FIN")


@pytest.fixture(scope="module")
def customer(organisation) -> str:
    return organisation.sql(
        "insert into crm.customers (org_id, company_name) values (%s, 'PT Piutang') returning customer_id",
        organisation.org_id,
    )[0][0]


def new(customer: str, amount: float, **more: object) -> dict[str, object]:
    return {
        "customer_id": customer,
        "invoice_date": "2026-01-05",
        "due_date": "2026-02-04",
        "invoice_amount": amount,
        **more,
    }


def made(finance: Person, customer: str, amount: float, **more: object) -> str:
    answer = finance.http.post("/api/invoices", json=new(customer, amount, **more))
    assert answer.status_code == 201, answer.text
    return answer.json()["invoice_id"]


def test_an_invoice_is_made_paid_and_read(finance, customer):
    answer = finance.http.post("/api/invoices", json=new(customer, 100.5, payment_amount=0.5))
    assert answer.status_code == 201
    invoice = answer.json()
    assert invoice["invoice_id"].startswith("INV050126")
    assert invoice["payment_state"] == "PARTIAL"
    assert invoice["outstanding_amount"] == 100
    paid = finance.http.post(
        "/api/payments", json={"invoice_id": invoice["invoice_id"], "amount": 60, "payment_method": "Giro"}
    )
    assert paid.status_code == 201
    assert paid.json()["remaining_outstanding"] == 40
    read = finance.http.get(f"/api/invoices/{invoice['invoice_id']}").json()
    assert (read["paid_amount"], read["outstanding_amount"], read["is_overdue"]) == (60.5, 40, True)
    assert read["company_name"] == "PT Piutang"
    payments = finance.http.get(f"/api/invoices/{invoice['invoice_id']}/payments").json()["items"]
    assert [payment["amount"] for payment in payments] == [60, 0.5]


def test_a_payment_above_what_is_outstanding_is_409_and_changes_nothing(finance, customer):
    invoice_id = made(finance, customer, 10)
    answer = finance.http.post("/api/payments", json={"invoice_id": invoice_id, "amount": 10.01})
    assert answer.status_code == 409
    assert problem(answer)["code"] == "payment.above_outstanding"
    assert finance.http.get(f"/api/invoices/{invoice_id}").json()["paid_amount"] == 0


def test_a_key_makes_a_repeated_payment_harmless(finance, customer):
    invoice_id, key = made(finance, customer, 10), {"Idempotency-Key": str(uuid4())}
    body = {"invoice_id": invoice_id, "amount": 4}
    first = finance.http.post("/api/payments", json=body, headers=key)
    again = finance.http.post("/api/payments", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content
    assert finance.http.get(f"/api/invoices/{invoice_id}").json()["paid_amount"] == 4


def test_a_payment_is_reversed_and_the_invoice_voided(finance, customer):
    invoice_id = made(finance, customer, 10)
    paid = finance.http.post("/api/payments", json={"invoice_id": invoice_id, "amount": 10}).json()
    refused = finance.http.post(f"/api/invoices/{invoice_id}/void", json={"reason": "twice"})
    assert (refused.status_code, problem(refused)["code"]) == (409, "invoice.has_payments")
    reversed_ = finance.http.post(f"/api/payments/{paid['payment_id']}/reverse", json={"reason": "bounced"})
    assert (reversed_.status_code, reversed_.json()["remaining_outstanding"]) == (201, 10)
    voided = finance.http.post(f"/api/invoices/{invoice_id}/void", json={"reason": "twice"})
    assert (voided.status_code, voided.json()["status"]) == (200, "VOID")
    assert finance.http.request("DELETE", f"/api/invoices/{invoice_id}").status_code == 405


def test_what_may_change_changes(finance, customer):
    invoice_id = made(finance, customer, 10)
    changed = finance.http.patch(
        f"/api/invoices/{invoice_id}", json={"due_date": "2026-03-01", "status": "SENT"}
    )
    assert (changed.status_code, changed.json()["status"]) == (200, "SENT")
    refused = finance.http.patch(f"/api/invoices/{invoice_id}", json={"invoice_amount": 1})
    assert codes(refused) == {"invoice_amount": "invoice.field.unknown"}


def test_every_bad_field_is_named(finance, customer):
    answer = finance.http.post("/api/invoices", json={"customer_id": customer, "invoice_amount": "many"})
    assert codes(answer) == {
        "invoice_amount": "invoice.invoice_amount.type",
        "invoice_date": "invoice.invoice_date.required",
        "due_date": "invoice.due_date.required",
    }


def test_pages_and_filters(finance, organisation):
    customer = organisation.sql(
        "insert into crm.customers (org_id, company_name) values (%s, 'PT Lain') returning customer_id",
        organisation.org_id,
    )[0][0]
    ids = [made(finance, customer, number + 1, external_no=f"L/{number}") for number in range(5)]
    paged, cursor = [], None
    while True:
        query = {"customer_id": customer, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = finance.http.get("/api/invoices", params=query).json()
        paged += [invoice["invoice_id"] for invoice in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == ids[::-1]
    finance.http.post("/api/payments", json={"invoice_id": ids[0], "amount": 1, "reference_no": "L-REF"})
    for query, wanted in {
        "payment_state=PAID": ids[:1],
        "overdue=true": ids[:0:-1],
        "overdue=false": ids[:1],
        "external_no=L/3": [ids[3]],
        "status=VOID": [],
        "currency=USD": [],
        "invoice_date_from=2026-01-06": [],
        "due_date_to=2026-02-04": ids[::-1],
    }.items():
        found = finance.http.get(f"/api/invoices?customer_id={customer}&{query}").json()["items"]
        assert [invoice["invoice_id"] for invoice in found] == wanted, query
    found = finance.http.get(f"/api/payments?customer_id={customer}&reference_no=L-REF").json()["items"]
    assert [payment["invoice_id"] for payment in found] == ids[:1]


def test_sales_see_the_invoices_of_their_customers_and_nobody_else_any(organisation, finance, customer):
    invoice_id = made(finance, customer, 12)
    owner, other = (organisation.person("salesperson", "SAL") for _ in range(2))
    organisation.sql(
        "insert into crm.prospects (org_id, customer_id, owner_user_id) values (%s, %s, %s)",
        organisation.org_id,
        customer,
        owner.user_id,
    )
    assert owner.http.get(f"/api/invoices/{invoice_id}").json()["invoice_amount"] == 12
    assert other.http.get(f"/api/invoices/{invoice_id}").status_code == 404
    assert other.http.get("/api/invoices").json()["items"] == []
    assert other.http.get("/api/payments").json()["items"] == []
    for role, dept in [("marketing_manager", "MKT"), ("sales_support", "SAL"), ("exim_ops", "EXI")]:
        assert organisation.person(role, dept).http.get("/api/invoices").status_code == 403
    assert owner.http.post("/api/invoices", json=new(customer, 1)).status_code == 403


def test_another_organisation_sees_nothing_of_it(finance, customer, database, bff):
    invoice_id = made(finance, customer, 12)
    other = Organisation(database, bff)
    stranger = other.person("finance", "FIN")
    assert stranger.http.get("/api/invoices").json()["items"] == []
    assert stranger.http.get(f"/api/invoices/{invoice_id}").status_code == 404
    body = {"invoice_id": invoice_id, "amount": 1}
    assert stranger.http.post("/api/payments", json=body).status_code == 404
    assert stranger.http.post("/api/invoices", json=new(customer, 1)).status_code == 404
    other.close()


def test_what_is_outstanding_in_four_pictures(database, bff):
    organisation = Organisation(database, bff)
    finance = organisation.person("finance", "FIN")
    ids = organisation.sql(
        "insert into crm.customers (org_id, company_name) select %s, 'PT ' || n from generate_series(1, 3) n"
        " returning customer_id",
        organisation.org_id,
    )
    for (customer,) in ids:
        made(finance, customer, 70.25)
    today = organisation.sql("select current_date::text")[0][0]
    made(finance, ids[0][0], 29.75, invoice_date=today, due_date="2199-01-01")
    summary = finance.http.get("/api/dso").json()["items"]
    assert [(row["currency"], row["ar_total"], row["overdue_total"]) for row in summary] == [
        ("IDR", 240.5, 210.75)
    ]
    page = finance.http.get("/api/dso?type=aging&limit=2").json()
    assert [row["ar_total"] for row in page["items"]] == [100, 70.25]
    rest = finance.http.get("/api/dso", params={"type": "aging", "limit": 2, "cursor": page["next"]}).json()
    assert ([row["customer_id"] for row in rest["items"]], rest["next"]) == ([ids[2][0]], None)
    names = finance.http.get("/api/dso?type=my-customers").json()["items"]
    assert [row["company_name"] for row in names] == ["PT 1", "PT 2", "PT 3"]
    rolling = finance.http.get("/api/dso?type=rolling&as_of=2026-01-10").json()["items"]
    assert [(row["ar_outstanding"], row["dso_days_rolling_30"]) for row in rolling] == [(210.75, 30)]
    assert finance.http.get("/api/dso?type=other").status_code == 422
    marketing = organisation.person("marketing_manager")
    assert marketing.http.get("/api/dso").status_code == 403
    organisation.close()


def test_a_collection_ticket_is_opened_once(finance, organisation):
    customer = organisation.sql(
        "insert into crm.customers (org_id, company_name, credit_limit) values (%s, 'PT Macet', 100)"
        " returning customer_id",
        organisation.org_id,
    )[0][0]
    invoice_id = made(finance, customer, 80.5)
    first = finance.http.post("/api/dso/collection-tickets", json={"customer_id": customer})
    again = finance.http.post("/api/dso/collection-tickets", json={"invoice_id": invoice_id})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"is_new": False}
    nobody = finance.http.post("/api/dso/collection-tickets", json={"customer_id": "CUST0101260999"})
    assert nobody.status_code == 404
    credit = finance.http.get(f"/api/customers/{customer}/credit?amount=19.51").json()
    assert (credit["status"], credit["allowed"], credit["over_by"]) == ("warning", False, 0.01)
    assert finance.http.get(f"/api/customers/{customer}/credit").json()["allowed"] is True
    assert finance.http.get(f"/api/customers/{customer}/credit?amount=-1").status_code == 422
    assert finance.http.get("/api/customers/CUST0101260999/credit").status_code == 404


def test_files_of_customers_contacts_invoices_and_payments(database, bff):
    organisation = Organisation(database, bff)
    manager, finance = organisation.person("sales_manager", "SAL"), organisation.person("finance", "FIN")
    today = organisation.sql("select current_date::text")[0][0]
    files = [
        (
            manager,
            "customers",
            "Perusahaan,NPWP,Nama PIC,No HP,Email,Kota\n"
            "PT Impor,01.234.567.8-901.000,Sari,08123456789,sari@impor.test,Medan\n"
            "PT Salah,,Sari,08123456789,nobody,Medan\n",
            (1, 1),
        ),
        (
            manager,
            "contacts",
            "Customer,Nama,Email\nPT Impor,Budi,budi@impor.test\nPT Nihil,Budi,b@x.test\n",
            (1, 1),
        ),
        (
            finance,
            "invoices",
            "Nama Perusahaan;No Invoice;Tanggal;Jatuh Tempo;Jumlah\n"
            "PT Impor;F/1;2026-01-05;2026-02-04;1000000.50\n"
            "PT Impor;F/2;2026-01-05;2026-02-04;1.000.000\n",
            (1, 1),
        ),
        (
            finance,
            "payments",
            f"No Invoice,Tanggal,Jumlah\nF/1,{today},600000\nF/1,{today},400000.51\n",
            (1, 1),
        ),
    ]
    for person, module, content, counts in files:
        uploaded = person.upload(content, f"{module}.csv", module)
        assert uploaded.status_code == 201, uploaded.text
        done = person.http.post(f"/api/imports/{uploaded.json()['import_id']}/process").json()
        assert (done["success_rows"], done["error_rows"]) == counts, (module, done)
    [invoice] = finance.http.get("/api/invoices?external_no=F/1").json()["items"]
    assert (invoice["outstanding_amount"], invoice["company_name"]) == (400000.5, "PT Impor")
    assert manager.upload("a\n1\n", "invoices.csv", "invoices").status_code == 403
    assert finance.upload("a\n1\n", "customers.csv", "customers").status_code == 403
    organisation.close()


def test_a_file_of_money_is_uploaded_and_processed_by_one_call(finance, customer):
    """Spec §7: `POST /api/dso/import`; a file of another kind, or anybody else's, is refused."""
    rows = f"customer_id,invoice_date,due_date,invoice_amount\n{customer},2026-01-05,2026-02-05,125000.50\n"
    form, file = {"module": "invoices"}, {"file": ("january.csv", rows.encode())}
    done = finance.http.post("/api/dso/import", data=form, files=file)
    assert done.status_code == 201, done.text
    assert (done.json()["status"], done.json()["success_rows"]) == ("completed", 1)
    assert finance.http.post("/api/dso/import", data=form, files=file).status_code == 200
    wrong = finance.http.post("/api/dso/import", data={"module": "leads"}, files=file)
    assert codes(wrong) == {"module": "request.literal_error"}


def test_who_owes_what_is_a_list_and_a_file(finance, customer, organisation):
    made(finance, customer, 70_000)
    (item,) = finance.http.get("/api/dso/customers?limit=1").json()["items"]
    assert (item["customer_id"], item["company_name"], item["currency"]) == (customer, "PT Piutang", "IDR")
    file = finance.http.get("/api/dso/customers?format=csv&fields=company_name,ar_total,bucket_current")
    assert file.status_code == 200, file.text
    header, line = file.content.decode("utf-8-sig").split()[0], file.text.splitlines()[1]
    assert header == "company_name,ar_total,bucket_current"
    assert line.startswith("PT Piutang,")
    assert (
        organisation.person("marketing_manager").http.get("/api/dso/customers?format=csv").status_code == 403
    )
