"""Evidence: a file that shows a value to be true, stored under the folder of the metric and the person."""

import asyncio
from uuid import uuid4

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.kpi.models import KpiEvidenceFields
from bff.reading import query_of, validated
from bff.storage import load_buckets
from bff.storage.errors import ObjectTooLarge
from bff.uploads.documents import TYPES, measured, named, refused
from bff.uploads.forms import form_of
from bff.uploads.work import work_of
from db.session import OutcomeUnknown

BUCKET = "kpi-evidence"
CALLS = ("kpi_add_evidence",)
"""The `api` functions that this handler calls."""


async def upload(request: Request) -> Response:
    """POST /api/kpi/evidence. The stored file goes again unless a row needs it."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(
        request, required=("metric_key",), optional=("user_id", "target_id", "entry_id", "notes")
    ) as form:
        fields = validated(KpiEvidenceFields, dict(form.texts))
        name, suffix = named(form.file.filename or "", "evidence.type")
        limit = load_buckets()[BUCKET].max_bytes
        if (form.file.size or 0) > limit:
            raise refused(413, "evidence.too_large", f"The file is larger than {limit} bytes.")
        size, sha256 = await run_sync(measured, form.file.file)
        path = f"{fields.metric_key}/{fields.user_id or work.sub}/{uuid4().hex}{suffix}"
        storage = work.services.storage
        try:
            await storage.put(BUCKET, path, form.file.file, TYPES[suffix])
        except ObjectTooLarge as error:
            raise refused(413, "evidence.too_large", f"The file is {error}.") from None
        needed = False
        try:
            done = await work.call(
                "kpi_add_evidence",
                keyed=True,
                p_file_name=name,
                p_mime_type=TYPES[suffix],
                p_size_bytes=size,
                p_sha256=sha256,
                p_bucket=BUCKET,
                p_path=path,
                **{f"p_{field}": value for field, value in fields},
            )
            needed = not done.replayed
        except OutcomeUnknown:
            needed = True
            raise
        finally:
            if not needed:
                await asyncio.shield(storage.delete(BUCKET, path))
    return answer(request, done.body, 201, replayed=done.replayed)
