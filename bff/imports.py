"""Imports over HTTP: files come in, rows are processed, tried again, listed (design §7)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bff.calls import answer
from bff.files import disposition, joined
from bff.reading import object_of, path_of, query_of, validated
from bff.uploads import processing, rehearsal, undoing
from bff.uploads.errors_csv import error_file
from bff.uploads.forms import form_of
from bff.uploads.models import ImportPath, Retry
from bff.uploads.progress import progress
from bff.uploads.staging import stage_upload
from bff.uploads.work import work_of


async def upload(request: Request) -> Response:
    """POST /api/imports. Nothing is kept of a file that cannot be staged, or that was uploaded before."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    async with form_of(
        request, required=("module",), optional=("mapping", "options", "save_mapping")
    ) as form:
        staged = await stage_upload(
            work,
            module=form.texts["module"],
            file=form.file,
            mapping=form.object_of("mapping"),
            options=form.object_of("options"),
            save_mapping=form.truth_of("save_mapping"),
        )
    return answer(request, staged.body, staged.status, replayed=staged.replayed)


async def process(request: Request) -> Response:
    """POST /api/imports/{import_id}/process."""
    work = await work_of(request)
    query_of(request, None)
    return answer(request, await processing.process(work, path_of(request, ImportPath).import_id))


async def retry(request: Request) -> Response:
    """POST /api/imports/{import_id}/retry."""
    work = await work_of(request, idempotent=True)
    query_of(request, None)
    import_id = path_of(request, ImportPath).import_id
    mended: dict[str, object] = {}
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        _, body = await object_of(request)
        mended = validated(Retry, body).model_dump(exclude_none=True)
    arguments: dict[str, Any] = {f"p_{name}": json.dumps(value) for name, value in mended.items()}
    reset = await work.call("retry_import", keyed=True, p_import_id=import_id, **arguments)
    return answer(request, await processing.process(work, import_id), replayed=reset.replayed)


async def dry_run(request: Request) -> Response:
    """POST /api/imports/{import_id}/dry-run."""
    work = await work_of(request)
    query_of(request, None)
    return answer(request, await rehearsal.dry_run(work, path_of(request, ImportPath).import_id))


async def undo(request: Request) -> Response:
    """POST /api/imports/{import_id}/undo."""
    work = await work_of(request)
    query_of(request, None)
    return answer(request, await undoing.undo(work, path_of(request, ImportPath).import_id))


async def errors(request: Request) -> Response:
    """GET /api/imports/{import_id}/errors.csv."""
    work = await work_of(request)
    query_of(request, None)
    import_id = path_of(request, ImportPath).import_id
    pieces = error_file(work, import_id)
    first = await anext(pieces)  # what is not there is a problem and no file
    headers = {
        "Content-Disposition": disposition(f"errors-{import_id}.csv"),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(joined(first, pieces), headers=headers, media_type="text/csv; charset=utf-8")


async def events(request: Request) -> Response:
    """GET /api/imports/{import_id}/events."""
    work = await work_of(request)
    query_of(request, None)
    return await progress(work, path_of(request, ImportPath).import_id)
