"""Payments at the same moment: an invoice is never paid twice, and sums stay sums."""

import asyncio
import hashlib
import json
from typing import Any

import asyncpg
import pytest
from callers import Caller, at_once, callers

from tests.support.people import People, Person

TELLERS = 8


async def invoice(admin: str, person: Person, amount: float) -> str:
    """An invoice of a customer of its own."""
    connection = await asyncpg.connect(admin)
    try:
        customer_id = await connection.fetchval(
            "insert into crm.customers (org_id, company_name) values ($1, 'PT Bayar') returning customer_id",
            person.org_id,
        )
        return str(
            await connection.fetchval(
                "insert into ar.invoices"
                " (org_id, customer_id, invoice_date, due_date, invoice_amount, currency)"
                " values ($1, $2, '2026-01-01', '2026-01-31', $3, 'IDR') returning invoice_id",
                *(person.org_id, customer_id, amount),
            )
        )
    finally:
        await connection.close()


async def pay(caller: Caller, person: Person, invoice_id: str, amount: float, **more: Any) -> str:
    """`paid`, or the code of the refusal."""
    body = json.dumps({"invoice_id": invoice_id, "amount": amount})
    try:
        await caller.call(person, "ar_record_payment", payload=body, **more)
    except asyncpg.PostgresError as error:
        if not str(error.sqlstate).startswith("PT4"):
            raise
        return str(error.hint)
    return "paid"


async def read(caller: Caller, person: Person, invoice_id: str) -> tuple[Any, ...]:
    rows = await caller.read(
        person,
        "select i.paid_amount, coalesce(sum(p.net_amount), 0), count(p.payment_id) from api.invoices i"
        " left join api.payments p using (invoice_id) where i.invoice_id = $1 group by i.paid_amount",
        invoice_id,
    )
    return rows[0]


@pytest.mark.parametrize("count", [2, TELLERS])
async def test_of_payments_of_the_full_amount_at_once_one_succeeds(
    count: int, admin: str, bff_url: str, people: People
) -> None:
    """Case 106."""
    fin = people["fin"]
    invoice_id = await invoice(admin, fin, 500)
    async with callers(bff_url, count) as connections:
        outcomes = await at_once(*(pay(caller, fin, invoice_id, 500) for caller in connections))
        assert sorted(outcomes) == sorted(["paid", *["payment.above_outstanding"] * (count - 1)])
        assert await read(connections[0], fin, invoice_id) == (500, 500, 1)


async def test_parts_add_up_to_what_is_outstanding_and_no_further(
    admin: str, bff_url: str, people: People
) -> None:
    fin = people["fin"]
    invoice_id = await invoice(admin, fin, 100)

    async def teller(caller: Caller) -> int:
        return [await pay(caller, fin, invoice_id, 7) for _ in range(4)].count("paid")

    async with callers(bff_url, TELLERS) as connections:
        paid = sum(await at_once(*(teller(caller) for caller in connections)))
        assert paid == 14
        assert await read(connections[0], fin, invoice_id) == (98, 98, 14)


async def test_one_key_is_one_payment_however_many_ask(admin: str, bff_url: str, people: People) -> None:
    """Case 107."""
    fin = people["fin"]
    invoice_id = await invoice(admin, fin, 500)
    body = json.dumps({"invoice_id": invoice_id, "amount": 5})
    async with callers(bff_url, TELLERS) as connections:
        answers = await at_once(
            *(caller.call(fin, "ar_record_payment", key="once", payload=body) for caller in connections)
        )
        assert len(set(answers)) == 1
        assert await read(connections[0], fin, invoice_id) == (5, 5, 1)


async def test_a_payment_and_a_void_at_once_leave_no_paid_void_invoice(
    admin: str, bff_url: str, people: People
) -> None:
    """Case 115."""
    fin = people["fin"]
    async with callers(bff_url, 2) as connections:
        for _ in range(5):
            invoice_id = await invoice(admin, fin, 50)
            outcomes = await asyncio.gather(
                pay(connections[0], fin, invoice_id, 50),
                connections[1].call(
                    fin, "ar_void_invoice", p_invoice_id=invoice_id, payload='{"reason": "wrong"}'
                ),
                return_exceptions=True,
            )
            voided = isinstance(outcomes[1], str)
            assert outcomes[0] == ("invoice.void" if voided else "paid")
            assert voided or outcomes[1].hint == "invoice.has_payments"  # type: ignore[union-attr]


async def test_eight_who_ask_at_once_get_one_collection_ticket(
    admin: str, bff_url: str, people: People
) -> None:
    """DSO-2: one open for each customer."""
    invoice_id = await invoice(admin, people["fin"], 50)
    body = json.dumps({"invoice_id": invoice_id})
    async with callers(bff_url, TELLERS) as connections:
        answers = await at_once(
            *(
                caller.call(people[("fin", "sa")[number % 2]], "ar_create_collection_ticket", payload=body)
                for number, caller in enumerate(connections)
            )
        )
    tickets = [json.loads(answer) for answer in answers]
    assert len({ticket["ticket_id"] for ticket in tickets}) == 1
    assert [ticket["is_new"] for ticket in tickets].count(True) == 1


async def upload(caller: Caller, person: Person, rows: list[dict[str, str]]) -> int:
    """A staged file of payments; the import's id."""
    digest = hashlib.sha256(f"{caller.pid} {json.dumps(rows)}".encode()).hexdigest()
    registered = await caller.call(
        person,
        "ingest_create_import",
        p_module="payments",
        p_file_name="payments.csv",
        p_mime_type="text/csv",
        p_size_bytes=1,
        p_sha256=digest,
        p_bucket="import-files",
        p_path=f"{person.user_id}/{digest}",
        p_header=list(rows[0]),
    )
    import_id = int(json.loads(registered)["import_id"])
    await caller.call(
        person,
        "ingest_stage_rows",
        p_import_id=import_id,
        p_row_nos=list(range(2, len(rows) + 2)),
        p_rows=[json.dumps(row) for row in rows],
        p_errors=[None] * len(rows),
    )
    await caller.call(person, "ingest_finish_staging", p_import_id=import_id, p_total_rows=len(rows))
    return import_id


async def test_a_file_of_payments_and_tellers_at_once_pay_nothing_twice(
    admin: str, bff_url: str, people: People
) -> None:
    """Case 106: an import's chunk and single payments meet no deadlock, and stop at what is outstanding."""
    fin = people["fin"]
    invoice_id = await invoice(admin, fin, 30)
    rows = [
        {"invoice_id": invoice_id, "payment_date": "2026-01-02", "amount": "1", "reference_no": f"F{number}"}
        for number in range(40)
    ]
    async with callers(bff_url, 4) as connections:
        import_id = await upload(connections[0], fin, rows)

        async def process() -> int:
            while True:
                body = await connections[0].call(
                    fin, "process_import_payments", p_import_id=import_id, p_limit=10
                )
                found = json.loads(body)
                if found["status"] in ("completed", "failed"):
                    return int(found["success_rows"])

        async def teller(caller: Caller) -> int:
            return [await pay(caller, fin, invoice_id, 1) for _ in range(12)].count("paid")

        paid = sum(await at_once(process(), *(teller(caller) for caller in connections[1:])))
        assert paid == 30
        assert await read(connections[0], fin, invoice_id) == (30, 30, 30)
