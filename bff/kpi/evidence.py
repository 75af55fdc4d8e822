"""Evidence: a file that shows a value to be true, stored under the folder of the metric and the person."""

import asyncio
import hashlib
from pathlib import PurePath
from typing import BinaryIO
from uuid import uuid4

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.kpi.models import KpiEvidenceFields
from bff.problems import FieldError, Problem
from bff.reading import query_of, validated
from bff.storage import load_buckets
from bff.storage.errors import ObjectTooLarge
from bff.uploads.encodings import PIECE
from bff.uploads.forms import form_of
from bff.uploads.work import work_of
from db.session import OutcomeUnknown

BUCKET = "kpi-evidence"
CALLS = ("kpi_add_evidence",)
"""The `api` functions that this handler calls."""

_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


async def upload(request: Request) -> Response:
    """POST /api/kpi/evidence. The stored file goes again unless a row needs it."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(
        request, required=("metric_key",), optional=("user_id", "target_id", "entry_id", "notes")
    ) as form:
        fields = validated(KpiEvidenceFields, dict(form.texts))
        name = PurePath((form.file.filename or "").replace("\\", "/")).name
        name = "".join(c for c in name if c.isprintable())[-255:].strip()
        suffix = PurePath(name).suffix.lower()
        mime_type = _TYPES.get(suffix)
        if mime_type is None:
            raise _refused(415, "evidence.type", f"Evidence is a file of these types: {', '.join(_TYPES)}.")
        limit = load_buckets()[BUCKET].max_bytes
        if (form.file.size or 0) > limit:
            raise _refused(413, "evidence.too_large", f"The file is larger than {limit} bytes.")
        size, sha256 = await run_sync(_measured, form.file.file)
        path = f"{fields.metric_key}/{fields.user_id or work.sub}/{uuid4().hex}{suffix}"
        storage = work.services.storage
        try:
            await storage.put(BUCKET, path, form.file.file, mime_type)
        except ObjectTooLarge as error:
            raise _refused(413, "evidence.too_large", f"The file is {error}.") from None
        needed = False
        try:
            done = await work.call(
                "kpi_add_evidence",
                keyed=True,
                p_file_name=name,
                p_mime_type=mime_type,
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


def _measured(file: BinaryIO) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    checksum, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        checksum.update(piece)
        size += len(piece)
    return size, checksum.hexdigest()


def _refused(status: int, code: str, message: str) -> Problem:
    return Problem(status, code, message, errors=[FieldError("file", code, message)])
