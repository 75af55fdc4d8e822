"""Files of members: each becomes a database with all its records."""

import json

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.members import models
from bff.reading import query_of, validated
from bff.routing import Handler
from bff.uploads import processing, staging
from bff.uploads.forms import form_of
from bff.uploads.staging import stage_upload
from bff.uploads.work import work_of

UPLOAD_CALLS = (*staging.CALLS, "process_import_member_records", "members_get_upload")


def upload_to(
    record_module: str,
    *,
    required: tuple[str, ...] = ("name", "product_id"),
    optional: tuple[str, ...] = ("description",),
) -> Handler:
    """What an upload does: one form, one file, one database with all its records."""

    async def upload(request: Request) -> Response:
        work = await work_of(request, idempotent=True)
        query_of(request, None)
        async with form_of(request, required=required, optional=optional) as form:
            options = validated(models.UploadOptions, dict(form.texts))
            staged = await stage_upload(
                work,
                module="member_records",
                file=form.file,
                options={"record_module": record_module, **options.model_dump(exclude_none=True)},
            )
        if json.loads(staged.body)["status"] != "staging":  # else another request is at it
            await processing.process(work, staged.import_id)
        done = await work.call("members_get_upload", read_only=True, p_import_id=staged.import_id)
        return answer(request, done.body, staged.status, replayed=staged.replayed)

    return upload
