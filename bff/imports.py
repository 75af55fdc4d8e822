"""Imports over HTTP: files come in, rows are processed, tried again, listed (design §7)."""

from starlette.requests import Request
from starlette.responses import Response

from bff.calls import answer
from bff.models import ImportPath
from bff.reading import path_of, query_of
from bff.uploads import processing
from bff.uploads.forms import form_of
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
    reset = await work.call("retry_import", keyed=True, p_import_id=import_id)
    return answer(request, await processing.process(work, import_id), replayed=reset.replayed)
