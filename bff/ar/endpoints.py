"""The routes about money."""

import json

from starlette.requests import Request
from starlette.responses import Response

from bff.ar import models
from bff.calls import answer
from bff.models import Page
from bff.reading import object_of, query_of, validated
from bff.routing import MULTIPART, Export, Route
from bff.uploads import processing, staging
from bff.uploads.forms import form_of
from bff.uploads.models import Import
from bff.uploads.staging import stage_upload
from bff.uploads.work import work_of


async def collect(request: Request) -> Response:
    """POST /api/dso/collection-tickets: 201 for a new ticket, 200 for one that was open."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    payload, _ = await object_of(request)
    done = await work.call("ar_create_collection_ticket", keyed=True, payload=payload)
    status = 201 if json.loads(done.body)["is_new"] else 200
    return answer(request, done.body, status, replayed=done.replayed)


async def import_file(request: Request) -> Response:
    """POST /api/dso/import: a file of invoices or payments, staged and processed by one call."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(request, required=("module",)) as form:
        module = validated(models.MoneyModule, dict(form.texts)).module
        staged = await stage_upload(work, module=module, file=form.file)
    done = await processing.process(work, staged.import_id)
    return answer(request, done, staged.status, replayed=staged.replayed)


ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/invoices", function="ar_create_invoice", body=models.NewInvoice,
          answer=models.InvoiceCreated, status=201, problems=(404,),
          takes_key=True, permission="invoices:insert",
          tag="invoices", summary="Create an invoice, and record what was paid with it"),
    Route(method="GET", path="/api/invoices", function="ar_list_invoices", query=models.InvoiceList,
          filters_as_object=True, answer=models.InvoicePage, permission="invoices:select",
          export=Export(view="invoices", order=("invoice_date desc", "invoice_id desc"),
                        conditions={"overdue": "is_overdue ="}),
          tag="invoices", summary="Invoices that the caller may see, newest first"),
    Route(method="GET", path="/api/invoices/{invoice_id}", function="ar_get_invoice",
          path_model=models.InvoicePath, answer=models.Invoice, permission="invoices:select",
          tag="invoices", summary="One invoice"),
    Route(method="PATCH", path="/api/invoices/{invoice_id}", function="ar_update_invoice",
          path_model=models.InvoicePath, body=models.InvoiceChange, answer=models.InvoiceChanged,
          takes_key=True, permission="invoices:update",
          tag="invoices", summary="Move its due date, change its notes, mark it as sent"),
    Route(method="POST", path="/api/invoices/{invoice_id}/void", function="ar_void_invoice",
          path_model=models.InvoicePath, body=models.Void, answer=models.Voided, takes_key=True,
          permission="invoices:update",
          tag="invoices", summary="Void an invoice without payments: it stays to be read and counts nowhere"),
    Route(method="GET", path="/api/invoices/{invoice_id}/payments", function="ar_invoice_payments",
          path_model=models.InvoicePath, query=Page, answer=models.PaymentPage, permission="payments:select",
          tag="invoices", summary="Its payments and their reversals, newest first"),

    Route(method="POST", path="/api/payments", function="ar_record_payment", body=models.NewPayment,
          answer=models.PaymentRecorded, status=201, problems=(404,),
          takes_key=True, permission="payments:insert",
          tag="invoices", summary="Record a payment: never more than is outstanding"),
    Route(method="GET", path="/api/payments", function="ar_list_payments", query=models.PaymentList,
          filters_as_object=True, answer=models.PaymentPage, permission="payments:select",
          export=Export(view="payments", order=("payment_date desc", "payment_id desc")),
          tag="invoices", summary="Payments that the caller may see, newest first, reversals among them"),
    Route(method="POST", path="/api/payments/{payment_id}/reverse", function="ar_reverse_payment",
          path_model=models.PaymentPath, body=models.Reversal, answer=models.PaymentReversed, status=201,
          takes_key=True, permission="payments:insert",
          tag="invoices", summary="Take a payment back, whole, by an entry of its own"),

    Route(method="GET", path="/api/dso", function="ar_dso", query=models.DsoQuestion,
          filters_as_object=True, answer=models.Dso, permission="invoices:select",
          tag="invoices", summary="What is outstanding: in sum, by age, rolling, or by name"),
    Route(method="GET", path="/api/dso/customers", function="ar_list_customers", query=Page,
          answer=models.OwedPage, permission="invoices:select",
          export=Export(view="v_my_customers_ar", order=("customer_id", "currency")),
          tag="invoices", summary="Who owes how much, and for how long"),
    Route(method="POST", path="/api/dso/import", handler=import_file,
          calls=(*staging.CALLS, "process_import_invoices", "process_import_payments"),
          body=models.NewMoneyFile, body_type=MULTIPART, max_body=None, answer=Import, status=201,
          other_statuses=(200,), takes_key=True, permission="imports.<module>:insert",
          tag="invoices", summary="Upload a file of invoices or payments and process it"),
    Route(method="POST", path="/api/dso/collection-tickets", handler=collect,
          calls=("ar_create_collection_ticket",), body=models.Collection, answer=models.CollectionTicket,
          status=201, other_statuses=(200,), problems=(404,), takes_key=True,
          permission="collection_tickets:insert",
          tag="invoices", summary="Ask finance to collect from a customer; 200 if it was asked already"),
    Route(method="GET", path="/api/customers/{customer_id}/credit", function="ar_credit_check",
          path_model=models.CustomerPath, query=models.CreditQuestion, answer=models.Credit,
          permission="invoices:select",
          tag="invoices", summary="What a customer owes of its credit limit, and whether more is allowed"),
)  # fmt: skip
