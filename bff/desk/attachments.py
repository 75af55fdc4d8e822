"""Attachments: a file stored in the folder of its ticket, then registered."""

import asyncio
from uuid import uuid4

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.desk.models import TicketPath
from bff.reading import path_of, query_of
from bff.storage import load_buckets
from bff.storage.errors import ObjectTooLarge
from bff.uploads.documents import TYPES, measured, named, refused
from bff.uploads.forms import form_of
from bff.uploads.work import work_of
from db.session import OutcomeUnknown

BUCKET = "ticket-attachments"
CALLS = ("ticket_add_attachment", "desk_get_ticket")
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/tickets/{ticket_id}/attachments. The stored file goes again unless a row needs it."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    ticket_id = path_of(request, TicketPath).ticket_id
    async with form_of(request, required=()) as form:
        name, suffix = named(form.file.filename or "", "ticket.file.type")
        limit = load_buckets()[BUCKET].max_bytes
        if (form.file.size or 0) > limit:
            raise refused(413, "ticket.file.too_large", f"The file is larger than {limit} bytes.")
        # Before anything is stored: whoever does not see the ticket leaves no file behind.
        await work.call("desk_get_ticket", read_only=True, p_ticket_id=ticket_id)
        size, sha256 = await run_sync(measured, form.file.file)
        path = f"{ticket_id}/{uuid4().hex}{suffix}"
        storage = work.services.storage
        try:
            await storage.put(BUCKET, path, form.file.file, TYPES[suffix])
        except ObjectTooLarge as error:
            raise refused(413, "ticket.file.too_large", f"The file is {error}.") from None
        needed = False
        try:
            done = await work.call(
                "ticket_add_attachment",
                keyed=True,
                p_ticket_id=ticket_id,
                p_file_name=name,
                p_mime_type=TYPES[suffix],
                p_size_bytes=size,
                p_sha256=sha256,
                p_bucket=BUCKET,
                p_path=path,
            )
            needed = not done.replayed
        except OutcomeUnknown:
            needed = True
            raise
        finally:
            if not needed:
                await asyncio.shield(storage.delete(BUCKET, path))
    return answer(request, done.body, 201, replayed=done.replayed)
