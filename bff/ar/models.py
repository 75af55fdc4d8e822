"""Shapes of requests and answers about money. What values may be is checked in SQL; see bff/models.py.

Amounts are numbers with at most two decimals, in the currency that stands beside them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from bff.models import Answer, Day, Id, Page, ReadableId, Request, Word

PaymentMethod = Literal["Transfer", "Cash", "Check", "Giro", "Virtual Account"]
PaymentState = Literal["UNPAID", "PARTIAL", "PAID", "VOID"]
InvoiceStatus = Literal["CREATED", "SENT", "VOID"]
Money = Annotated[float, Field(gt=0, le=1e15, multiple_of=0.01)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
Reason = Annotated[str, Field(min_length=1, max_length=1000)]
Notes = Annotated[str | None, Field(max_length=5000)]
Reference = Annotated[str | None, Field(max_length=100)]

# Invoices


class InvoicePath(Request):
    invoice_id: ReadableId


class InvoiceList(Page):
    customer_id: ReadableId | None = None
    status: InvoiceStatus | None = None
    payment_state: PaymentState | None = None
    currency: Currency | None = None
    external_no: Word | None = None
    overdue: Annotated[bool | None, Field(description="Due before today, and not paid.")] = None
    invoice_date_from: Day | None = None
    invoice_date_to: Day | None = None
    due_date_from: Day | None = None
    due_date_to: Day | None = None


class NewInvoice(Request):
    """An invoice, and what was paid with it, if anything."""

    customer_id: Word
    invoice_date: date
    due_date: Annotated[date, Field(description="Not before the invoice date.")]
    invoice_amount: Money
    currency: Annotated[Currency | None, Field(description="Default: the organisation's.")] = None
    external_no: Annotated[Reference, Field(description="The number in one's own books; unique.")] = None
    notes: Notes = None
    payment_amount: Annotated[Money | None, Field(description="Paid already.")] = None
    payment_date: Annotated[date | None, Field(description="Default: today.")] = None
    payment_method: PaymentMethod | None = None
    payment_reference: Reference = None
    payment_notes: Notes = None


class InvoiceCreated(Answer):
    invoice_id: str
    payment_id: int | None
    status: InvoiceStatus
    payment_state: PaymentState
    currency: str
    outstanding_amount: float


class InvoiceChange(Request):
    """What is left out stays."""

    due_date: date | None = None
    notes: Annotated[str | None, Field(max_length=5000, description="Null clears them.")] = None
    status: Annotated[Literal["SENT"] | None, Field(description="It was sent.")] = None


class InvoiceChanged(Answer):
    invoice_id: str
    status: InvoiceStatus
    due_date: date
    notes: str | None


class Void(Request):
    reason: Reason


class Voided(Answer):
    invoice_id: str
    status: Literal["VOID"]


class Invoice(Answer):
    invoice_id: str
    customer_id: str
    company_name: str | None
    invoice_date: date
    due_date: date
    invoice_amount: float
    currency: str
    paid_amount: float
    outstanding_amount: float
    status: InvoiceStatus
    payment_state: PaymentState
    is_overdue: bool
    days_past_due: Annotated[int, Field(description="0 unless something is outstanding.")]
    external_no: str | None
    notes: str | None
    voided_at: datetime | None
    voided_by: UUID | None
    void_reason: str | None
    source_import_id: int | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime


class InvoicePage(Answer):
    items: list[Invoice]
    next: str | None


# Payments


class PaymentPath(Request):
    payment_id: Id


class PaymentList(Page):
    invoice_id: ReadableId | None = None
    customer_id: ReadableId | None = None
    payment_method: PaymentMethod | None = None
    reference_no: Word | None = None
    payment_date_from: Day | None = None
    payment_date_to: Day | None = None


class NewPayment(Request):
    invoice_id: Word
    amount: Annotated[Money, Field(description="At most what is outstanding.")]
    payment_date: Annotated[date | None, Field(description="Default: today. Not in the future.")] = None
    payment_method: PaymentMethod | None = None
    reference_no: Annotated[Reference, Field(description="Recorded once for an invoice.")] = None
    notes: Notes = None


class PaymentRecorded(Answer):
    payment_id: int
    invoice_id: str
    payment_state: PaymentState
    currency: str
    remaining_outstanding: float


class Reversal(Request):
    reason: Reason


class PaymentReversed(PaymentRecorded):
    reversed_payment_id: int


class Payment(Answer):
    payment_id: int
    invoice_id: str
    customer_id: str
    payment_date: date
    amount: float
    currency: str
    net_amount: Annotated[float, Field(description="What it adds to the paid amount.")]
    payment_method: PaymentMethod | None
    reference_no: str | None
    notes: str | None
    reversed_payment_id: Annotated[int | None, Field(description="The payment that this one takes back.")]
    reversed_at: datetime | None
    source_import_id: int | None
    created_by: UUID | None
    created_at: datetime


class PaymentPage(Answer):
    items: list[Payment]
    next: str | None


# What is outstanding


class DsoQuestion(Page):
    """`limit` and `cursor` are for aging and my-customers."""

    type: Literal["summary", "aging", "rolling", "my-customers"] = "summary"
    as_of: Annotated[Day | None, Field(description="Of rolling; default: today.")] = None


class Owed(Answer):
    """An amount by days past due; the buckets add up to `ar_total`."""

    currency: str
    ar_total: float
    bucket_current: float
    bucket_1_30: float
    bucket_31_60: float
    bucket_61_90: float
    bucket_90_plus: float


class OwedInSum(Owed):
    overdue_total: float
    customers: Annotated[int, Field(description="Who owe something.")]


class OwedByCustomer(Owed):
    customer_id: str


class OwedByMyCustomer(OwedByCustomer):
    company_name: str
    owner_ids: list[UUID]


class OwedPage(Answer):
    items: list[OwedByMyCustomer]
    next: str | None


class DsoOfDay(Answer):
    as_of_date: date
    currency: str
    ar_outstanding: float
    revenue_30: Annotated[float, Field(description="Of the 30 days that end with that day.")]
    dso_days_rolling_30: Annotated[float | None, Field(description="Null without revenue.")]


class Dso(Answer):
    """Of the invoices that the caller may see."""

    type: Literal["summary", "aging", "rolling", "my-customers"]
    items: list[OwedInSum] | list[OwedByMyCustomer] | list[OwedByCustomer] | list[DsoOfDay]
    next: str | None


# Collecting, and credit


class Collection(Request):
    """A customer or an invoice, one of them."""

    customer_id: Word | None = None
    invoice_id: Word | None = None
    notes: Notes = None


class CollectionTicket(Answer):
    ticket_id: str
    customer_id: str
    is_new: Annotated[bool, Field(description="False: it was open already.")]


class CustomerPath(Request):
    customer_id: ReadableId


class CreditQuestion(Request):
    amount: Annotated[
        Decimal | None, Field(ge=0, le=10**15, decimal_places=2, description="What is to be added.")
    ] = None


class Credit(Answer):
    """In the organisation's currency."""

    customer_id: str
    currency: str
    credit_limit: Annotated[float | None, Field(description="Null: none.")]
    outstanding: float
    overdue: float
    available: float | None
    status: Annotated[
        Literal["ok", "warning", "exceeded", "no_limit", "hold"], Field(description="Warning: from 80 %.")
    ]
    amount: float
    allowed: bool
    reason: str | None
    over_by: float | None
    open_invoices_in_other_currencies: int


# Files


class MoneyModule(Request):
    module: Literal["invoices", "payments"]


class NewMoneyFile(MoneyModule):
    file: Annotated[
        bytes,
        Field(description="CSV or XLSX with a header row, as for `POST /api/imports`."),
        WithJsonSchema({"type": "string", "format": "binary"}),
    ]
