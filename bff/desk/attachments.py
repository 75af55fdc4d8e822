"""Attachments: a file stored in the folder of its ticket, then registered."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.desk.models import TicketPath
from bff.reading import path_of, query_of
from bff.uploads.forms import form_of
from bff.uploads.registering import examined, registered
from bff.uploads.work import work_of

BUCKET = "ticket-attachments"
CODE = "ticket.file"
CALLS = ("ticket_add_attachment", "desk_get_ticket")
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/tickets/{ticket_id}/attachments."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    ticket_id = path_of(request, TicketPath).ticket_id
    async with form_of(request, required=()) as form:
        document = examined(form.file, BUCKET, CODE)
        # Before anything is stored: whoever does not see the ticket leaves no file behind.
        await work.call("desk_get_ticket", read_only=True, p_ticket_id=ticket_id)
        done = await registered(
            work,
            "ticket_add_attachment",
            form.file,
            document,
            bucket=BUCKET,
            folder=ticket_id,
            code=CODE,
            p_ticket_id=ticket_id,
        )
    return answer(request, done.body, 201, replayed=done.replayed)
