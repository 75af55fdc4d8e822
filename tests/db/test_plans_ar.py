"""Lists of invoices and payments are answered from an index, whatever is asked, where there are many."""

import json
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.ar.models import InvoiceList, PaymentList
from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 100_000

# One invoice in ten is open; two customers in a hundred belong to somebody.
MANY_INVOICES = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into crm.customers (org_id, customer_id, company_name, owner_ids, creator_ids)
    select
        %(org)s, 'C' || n, 'Company ' || n,
        case
            when n %% 50 = 0 then array[(%(owners)s::uuid[])[1 + n / 50 %% cardinality(%(owners)s)]] else '{}'
        end,
        '{}'
    from generate_series(0, %(rows)s / 20 - 1) n;
    insert into ar.invoices (
        org_id, invoice_id, customer_id, invoice_date, due_date, invoice_amount, paid_amount, currency,
        external_no, status
    )
    select
        %(org)s, 'INV' || n, 'C' || n %% (%(rows)s / 20), date '2024-01-01' + n / 200,
        date '2024-01-31' + n / 200, 100, case when n %% 10 = 0 then n %% 3 else 100 end,
        (array['IDR', 'USD'])[1 + (n %% 97 = 0)::integer], 'E' || n,
        (array['SENT', 'CREATED'])[1 + (n %% 89 = 0)::integer]
    from generate_series(1, %(rows)s) n;
    insert into ar.payments (org_id, invoice_id, payment_date, amount, payment_method, reference_no)
    select
        %(org)s, 'INV' || n, date '2024-01-21' + n / 200, 100,
        (array['Transfer', 'Giro'])[1 + (n %% 83 = 0)::integer], 'R' || n
    from generate_series(1, %(rows)s) n
    where n %% 10 <> 0;
"""

INVOICES: dict[str, Any] = {
    "customer_id": "C100",
    "status": "CREATED",
    "payment_state": "PARTIAL",
    "currency": "USD",
    "external_no": "E77777",
    "overdue": True,
    "invoice_date_from": "2025-05-13",
    "invoice_date_to": "2024-01-02",
    "due_date_from": "2025-06-12",
    "due_date_to": "2024-02-01",
}
"""For each filter of the list a value that few rows have."""
PAYMENTS: dict[str, Any] = {
    "invoice_id": "INV77777",
    "customer_id": "C100",
    "payment_method": "Giro",
    "reference_no": "R77777",
    "payment_date_from": "2025-06-02",
    "payment_date_to": "2024-01-22",
}
SCOPES = {"all": "fin", "team": "sm", "own": "sp1"}
"""Somebody whose role sees invoices by that scope."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many invoices."""
    values = {
        "org": people["sp1"].org_id,
        "rows": ROWS,
        "owners": [people[name].user_id for name in ("sp1", "sp2", "sp3", "sm")],
    }
    tables = "ar.invoices, ar.payments, crm.customers"
    with explained(database, (MANY_INVOICES, values), analyze=tables) as connection:
        yield connection


def test_every_filter_of_the_lists_is_tried() -> None:
    assert set(INVOICES) == set(InvoiceList.model_fields) - {"limit", "cursor"}
    assert set(PAYMENTS) == set(PaymentList.model_fields) - {"limit", "cursor"}


def chosen(name: str, filters: dict[str, Any]) -> Jsonb:
    return Jsonb(filters if name == "all" else {name: filters[name]} if name in filters else {})


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*INVOICES, "none", "none, second page", "all"])
def test_a_filter_of_invoices_reads_an_index(
    name: str, scope: str, session: psycopg.Connection, people: People
) -> None:
    page = Jsonb({"invoice_date": "2024-06-01", "invoice_id": "INV1"}) if "page" in name else None
    question = "select api.ar_list_invoices(%s, 50, %s)"
    _, found = asked(session, people[SCOPES[scope]], "invoices", question, chosen(name, INVOICES), page)
    assert found, "no plan says how invoices were read"
    assert "Seq Scan" not in found


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", [*PAYMENTS, "none", "none, second page", "all"])
def test_a_filter_of_payments_reads_an_index(
    name: str, scope: str, session: psycopg.Connection, people: People
) -> None:
    page = Jsonb({"payment_date": "2024-06-01", "payment_id": 1}) if "page" in name else None
    question = "select api.ar_list_payments(%s, 50, %s)"
    _, found = asked(session, people[SCOPES[scope]], "payments", question, chosen(name, PAYMENTS), page)
    assert found, "no plan says how payments were read"
    assert "Seq Scan" not in found


FILES: dict[str, list[dict[str, str]]] = {
    "invoices": [
        {
            "company_name": f"Company {number}",
            "invoice_date": "2026-03-01",
            "due_date": "2026-03-31",
            "invoice_amount": "5",
        }
        | ({"external_no": f"N{number}"} if number % 2 else {})
        for number in range(20)
    ],
    "payments": [
        {
            "invoice_id": f"{'INV' if number % 2 else 'E'}{number}0",
            "payment_date": "2026-03-01",
            "amount": "1",
            "reference_no": f"N{number}",
        }
        for number in range(1, 21)
    ],
}

PROCESS: dict[str, LiteralString] = {
    "invoices": "select api.process_import_invoices(%s)",
    "payments": "select api.process_import_payments(%s)",
}


@pytest.mark.parametrize("module", FILES)
def test_a_row_of_a_file_looks_at_few_invoices(
    module: str, session: psycopg.Connection, people: People
) -> None:
    """A plan that goes through an index past every invoice for each row shows here, and only here."""
    rows, fin = FILES[module], people["fin"]
    session.execute(
        "insert into crm.customer_keys select org_id, 'company', company_key, customer_id"
        " from crm.customers where customer_id ~ '^C1?[0-9]$' on conflict do nothing"
    )
    registered, _ = asked(
        session,
        fin,
        "imports",
        "select api.ingest_create_import(%s, 'f.csv', 'text/csv', 1, repeat('a', 64), 'b', %s, %s)",
        module,
        module,
        sorted({name for row in rows for name in row}),
    )
    import_id = registered["import_id"]
    staged = [list(range(2, len(rows) + 2)), [json.dumps(row) for row in rows], [None] * len(rows)]
    asked(session, fin, "imports", "select api.ingest_stage_rows(%s, %s, %s, %s)", import_id, *staged)
    asked(session, fin, "imports", "select api.ingest_finish_staging(%s, %s)", import_id, len(rows))
    done, seen = looked_at(session, fin, "invoices", PROCESS[module], import_id)
    assert done["success_rows"] == len(rows), done
    assert seen < 20 * len(rows)
