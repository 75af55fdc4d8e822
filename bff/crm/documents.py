"""Documents of customers: a file stored in the folder of its customer, then registered."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.crm.customers import CustomerPath
from bff.reading import path_of, query_of
from bff.uploads.forms import form_of
from bff.uploads.registering import examined, registered
from bff.uploads.work import work_of

BUCKET = "customer-documents"
CODE = "customer.document"
CALLS = ("crm_add_document", "crm_get_customer")
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/customers/{customer_id}/documents."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    customer_id = path_of(request, CustomerPath).customer_id
    async with form_of(request, required=()) as form:
        document = examined(form.file, BUCKET, CODE)
        # Before anything is stored: whoever does not see the customer leaves no file behind.
        await work.call("crm_get_customer", read_only=True, p_customer_id=customer_id)
        done = await registered(
            work,
            "crm_add_document",
            form.file,
            document,
            bucket=BUCKET,
            folder=customer_id,
            code=CODE,
            p_customer_id=customer_id,
        )
    return answer(request, done.body, 201, replayed=done.replayed)
