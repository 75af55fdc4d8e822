"""The books: whatever is invoiced, paid, reversed and voided, views say what a second bookkeeper reckons."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

FIRST = date(2026, 1, 1)
CUSTOMERS = ("B1", "B2")
CURRENCIES = ("IDR", "USD")
BUCKETS = ((0, "current"), (30, "1_30"), (60, "31_60"), (90, "61_90"), (None, "90_plus"))
Rows = dict[tuple[str, ...], tuple[Decimal, ...]]


@dataclass
class Invoice:
    customer: str
    currency: str
    dated: date
    due: date
    amount: Decimal
    name: str = ""
    is_void: bool = False
    payments: list["Payment"] = field(default_factory=list)

    def outstanding(self, day: date = date.max) -> Decimal:
        """At the end of a day; never less than nothing."""
        if self.is_void:
            return Decimal(0)
        return max(self.amount - sum(p.amount for p in self.payments if p.dated <= day), Decimal(0))


@dataclass
class Payment:
    number: int
    dated: date
    amount: Decimal
    """Negative: a reversal."""
    is_reversed: bool = False


class Books:
    """Does each step in the database and in its own head, which must agree on whether it may be done."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.today = FIRST
        self.invoices: list[Invoice] = []
        connection.execute("delete from app.clock")
        connection.execute("insert into app.clock (frozen_at) values ('2026-01-01T05:00:00Z')")
        connection.execute(
            "insert into crm.customers (org_id, customer_id, company_name)"
            " select o.org_id, c, c from app.organizations o, unnest(%s::text[]) c where o.slug = 'alpha'",
            [list(CUSTOMERS)],
        )

    def wait(self, days: int) -> None:
        self.today += timedelta(days)
        self.connection.execute("select tests.become_owner()")
        self.connection.execute(
            "update app.clock set frozen_at = %s::date + time '05:00' at time zone 'utc'", [self.today]
        )
        self.connection.execute("select tests.become('fin@alpha.test')")

    def ask(self, may: bool, statement: str, *values: Any) -> Any:
        """The answer; None when it was refused, which must be when the rules forbid it."""
        refusal: psycopg.Error | None = None
        row = None
        try:
            with self.connection.transaction():
                row = self.connection.execute(statement.encode(), values).fetchone()
        except psycopg.Error as error:
            refusal = error
        assert may == (refusal is None), refusal or statement
        if refusal is not None:
            assert refusal.sqlstate == "PT409", refusal
            return None
        assert row is not None
        return row[0]

    def invoice(self, customer: int, currency: int, age: int, term: int, cents: int) -> None:
        dated = self.today - timedelta(age)
        made = Invoice(
            CUSTOMERS[customer], CURRENCIES[currency], dated, dated + timedelta(term), Decimal(cents) / 100
        )
        body = {
            "customer_id": made.customer,
            "currency": made.currency,
            "invoice_date": str(made.dated),
            "due_date": str(made.due),
            "invoice_amount": cents / 100,
        }
        made.name = self.ask(True, "select api.ar_create_invoice(%s)", Jsonb(body))["invoice_id"]
        self.invoices.append(made)

    def pay(self, which: int, back: int, cents: int) -> None:
        if not self.invoices:
            return
        invoice, dated = self.invoices[which % len(self.invoices)], self.today - timedelta(back)
        amount = Decimal(cents) / 100
        body = {"invoice_id": invoice.name, "payment_date": str(dated), "amount": cents / 100}
        may = not invoice.is_void and amount <= invoice.outstanding()
        answer = self.ask(may, "select api.ar_record_payment(%s)", Jsonb(body))
        if answer:
            invoice.payments.append(Payment(answer["payment_id"], dated, amount))
            assert Decimal(str(answer["remaining_outstanding"])) == invoice.outstanding()

    def reverse(self, which: int, place: int) -> None:
        payments = self.invoices[which % len(self.invoices)].payments if self.invoices else []
        if not payments:
            return
        payment = payments[place % len(payments)]
        may = payment.amount > 0 and not payment.is_reversed
        statement = 'select api.ar_reverse_payment(%s, \'{"reason": "bounced"}\')'
        answer = self.ask(may, statement, payment.number)
        if answer:
            payment.is_reversed = True
            payments.append(Payment(answer["payment_id"], self.today, -payment.amount))

    def void(self, which: int) -> None:
        if not self.invoices:
            return
        invoice = self.invoices[which % len(self.invoices)]
        may = not invoice.is_void and sum(p.amount for p in invoice.payments) == 0
        if self.ask(may, 'select api.ar_void_invoice(%s, \'{"reason": "wrong"}\')', invoice.name):
            invoice.is_void = True

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement.encode(), values).fetchall()

    def aging(self) -> Rows:
        """By hand: (customer, currency) to total and buckets."""
        found: dict[tuple[str, ...], list[Decimal]] = {}
        for invoice in self.invoices:
            owed = invoice.outstanding()
            if owed:
                sums = found.setdefault((invoice.customer, invoice.currency), [Decimal(0)] * 6)
                late = (self.today - invoice.due).days
                place = next(n for n, (most, _) in enumerate(BUCKETS) if most is None or late <= most)
                sums[0] += owed
                sums[1 + place] += owed
        return {key: tuple(sums) for key, sums in found.items()}

    def dso(self, day: date) -> Rows:
        """By hand: currency to what was outstanding and the revenue of 30 days."""
        found: dict[tuple[str, ...], list[Decimal]] = {}
        for invoice in self.invoices:
            if not invoice.is_void and invoice.dated <= day:
                sums = found.setdefault((invoice.currency,), [Decimal(0)] * 2)
                sums[0] += invoice.outstanding(day)
                sums[1] += invoice.amount if invoice.dated > day - timedelta(30) else 0
        return {key: tuple(sums) for key, sums in found.items() if any(sums)}


STEP = st.one_of(
    st.tuples(
        st.just("invoice"),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(-3, 40),
        st.integers(0, 45),
        st.integers(1, 9999),
    ),
    st.tuples(
        st.just("pay"), st.integers(0, 5), st.integers(0, 20), st.sampled_from([1, 50, 1000, 5000, 9999])
    ),
    st.tuples(st.just("reverse"), st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("void"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)


@settings(max_examples=25)
@example(
    steps=[
        ("invoice", 0, 0, 0, 10, 1000), ("invoice", 0, 1, 0, 0, 50), ("pay", 0, 0, 1000), ("pay", 0, 0, 1),
        ("void", 0),
        ("wait", 40), ("reverse", 0, 0), ("reverse", 0, 1), ("invoice", 1, 0, -3, 0, 77), ("pay", 0, 20, 50),
    ]
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=8, max_size=30))
def test_views_say_what_a_second_bookkeeper_reckons(
    connection: psycopg.Connection, steps: list[tuple[Any, ...]]
) -> None:
    """Cases 106, 109 to 111, 115."""
    with connection.transaction(force_rollback=True):
        books = Books(connection)
        books.wait(0)
        for name, *arguments in steps:
            getattr(books, name)(*arguments)

        columns = ", ".join(f"bucket_{name}" for _, name in BUCKETS)
        aging = books.rows(f"select customer_id, currency, ar_total, {columns} from api.v_ar_aging")
        assert {row[:2]: row[2:] for row in aging} == books.aging()

        for day in (books.today, books.today - timedelta(7), FIRST, books.today + timedelta(40)):
            dso = books.rows("select currency, ar_outstanding, revenue_30 from api.dso_as_of(%s)", day)
            assert {row[:1]: row[1:] for row in dso if any(row[1:])} == books.dso(day), day
        now = books.rows("select currency, ar_outstanding, revenue_30 from api.v_dso_rolling_30")
        assert {row[:1]: row[1:] for row in now if any(row[1:])} == books.dso(books.today)


@settings(max_examples=15)
@example(rows=[(0, 60), (0, 50), (0, 40), (0, 1)], chunk=4)
@given(
    rows=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 70)), min_size=1, max_size=20),
    chunk=st.integers(1, 20),
)
def test_a_file_of_payments_pays_what_its_rows_would_pay_one_at_a_time(
    connection: psycopg.Connection, rows: list[tuple[int, int]], chunk: int
) -> None:
    """Decision D7, wherever the chunks are cut."""
    with connection.transaction(force_rollback=True):
        books = Books(connection)
        books.wait(0)
        for _ in range(2):
            books.invoice(0, 0, 0, 0, 100)
        cells = [
            json.dumps(
                {
                    "invoice_id": books.invoices[which].name,
                    "payment_date": str(books.today),
                    "amount": f"{cents / 100:.2f}",
                    "notes": str(number),
                }
            )
            for number, (which, cents) in enumerate(rows)
        ]
        digest = hashlib.sha256("".join(cells).encode()).hexdigest()
        created = books.rows(
            "select api.ingest_create_import('payments', 'f.csv', 'text/csv', 1, %s, 'import-files', %s, %s)",
            *(digest, digest, ["invoice_id", "payment_date", "amount", "notes"]),
        )
        import_id = created[0][0]["import_id"]
        numbers = list(range(2, len(rows) + 2))
        books.rows(
            "select api.ingest_stage_rows(%s, %s::bigint[], %s, %s)",
            import_id,
            numbers,
            cells,
            [None] * len(rows),
        )
        books.rows("select api.ingest_finish_staging(%s, %s)", import_id, len(rows))
        status = "uploaded"
        while status not in ("completed", "failed"):
            status = books.rows("select api.process_import_payments(%s, %s)", import_id, chunk)[0][0][
                "status"
            ]

        left, paid = [100, 100], []
        for number, (which, cents) in enumerate(rows):
            if cents <= left[which]:
                left[which] -= cents
                paid.append(number + 2)
        done = books.rows(
            "select row_no from api.import_rows where import_id = %s and status = 'success' order by 1",
            import_id,
        )
        assert [row[0] for row in done] == paid
