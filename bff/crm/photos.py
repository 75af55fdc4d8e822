"""Photos of visits: a picture stored in the folder of its uploader, then registered."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.reading import query_of
from bff.uploads.documents import PICTURES
from bff.uploads.forms import form_of
from bff.uploads.registering import examined, registered
from bff.uploads.work import work_of

BUCKET = "prospect-evidence"
CODE = "activity.photo"
CALLS = ("crm_add_photo",)
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/activities/photos."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(request, required=()) as form:
        photo = examined(form.file, BUCKET, CODE, PICTURES)
        done = await registered(
            work, "crm_add_photo", form.file, photo, bucket=BUCKET, folder=str(work.sub), code=CODE
        )
    return answer(request, done.body, 201, replayed=done.replayed)
