"""Files that come in: stored as they are, staged row by row, processed chunk by chunk (design §7)."""

import asyncio
import codecs
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, BinaryIO
from uuid import UUID, uuid4

import asyncpg
from anyio.to_thread import run_sync
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bff.calls import Result, answer, call
from bff.csvfile import CsvFile, Row, batches
from bff.models import ImportPath
from bff.problems import FieldError, Problem, invalid
from bff.reading import path_of, query_of
from bff.routing import MULTIPART
from bff.services import Services, caller_of, context_of, services_of
from bff.storage import IMPORT_FILES
from bff.storage.errors import ObjectMissing, ObjectTooLarge
from db.session import OutcomeUnknown

PROCESSORS: Mapping[str, str] = {"leads": "process_import_leads"}
"""The function that processes each module's rows."""

UPLOAD_CALLS = ("ingest_create_import", "ingest_stage_rows", "ingest_finish_staging", "ingest_get_import")

UPLOAD_SECONDS = 600
BATCH_ROWS = 2_000
BATCH_CHARACTERS = 4 * 1024 * 1024
CHUNK_ROWS = 500
"""Rows of the first chunk; the following ones are as large as fits CHUNK_SECONDS."""
CHUNK_SECONDS = 1.0
SMALLEST_CHUNK = 50
"""What is tried when a chunk takes longer than the database allows a statement."""
PROCESS_SECONDS = 20.0
"""How long one call of `process` works before it answers with what is done so far."""

_MIME_TYPE = "text/csv"


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file whose bytes are known to be a CSV file that can be staged."""

    module: str
    name: str
    file: BinaryIO
    size: int
    sha256: str
    header: list[str]


async def upload(request: Request) -> Response:
    """POST /api/imports. Nothing is kept of a file that cannot be staged, or that was uploaded before."""
    sub = await caller_of(request)
    query_of(request, None)
    work = _Work(services_of(request), sub, context_of(request, idempotent=True))
    form = await _form(request)
    try:
        module, file = _parts(form)
        if (file.size or 0) > work.services.settings.max_upload_bytes:
            limit = work.services.settings.max_upload_bytes
            raise _refused(413, "import.too_large", f"The file is larger than {limit} bytes.")
        received = await run_sync(_examine, module, file)
        created = await work.store(received)
        known = json.loads(created.body)
        import_id, duplicate_of = known["import_id"], known["duplicate_of"]
        if created.replayed:
            known = json.loads((await work.call("ingest_get_import", p_import_id=import_id)).body)
        if known["status"] == "staging" and duplicate_of is not None:
            # Another request is staging it; should that have died, `process` takes over.
            done = await work.call("ingest_get_import", p_import_id=import_id)
        else:
            staged = known["total_rows"]
            total = await work.stage(import_id, received.file) if known["status"] == "staging" else staged
            # The key counts here once more, so that a repetition gets this very answer.
            done = await work.call(
                "ingest_finish_staging", keyed=True, p_import_id=import_id, p_total_rows=total
            )
    finally:
        await form.close()
    body = f'{done.body[:-1]}, "duplicate_of": {json.dumps(duplicate_of)}}}'
    return answer(request, body, 201 if duplicate_of is None else 200, replayed=created.replayed)


async def process(request: Request) -> Response:
    """POST /api/imports/{import_id}/process."""
    sub = await caller_of(request)
    query_of(request, None)
    work = _Work(services_of(request), sub, context_of(request))
    return answer(request, await work.process(path_of(request, ImportPath).import_id))


async def retry(request: Request) -> Response:
    """POST /api/imports/{import_id}/retry."""
    sub = await caller_of(request)
    query_of(request, None)
    work = _Work(services_of(request), sub, context_of(request, idempotent=True))
    import_id = path_of(request, ImportPath).import_id
    reset = await work.call("retry_import", keyed=True, p_import_id=import_id)
    return answer(request, await work.process(import_id), replayed=reset.replayed)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done for one person, each step in its own transaction: a crash keeps the steps before it."""

    services: Services
    sub: UUID
    context: dict[str, str]

    async def call(self, function: str, *, keyed: bool = False, **arguments: Any) -> Result:
        """Call an `api` function in its own transaction; under the Idempotency-Key only where `keyed`."""
        context = self.context if keyed else {k: v for k, v in self.context.items() if k != "idempotency_key"}
        return await self.services.database.run(self.sub, context, lambda c: call(c, function, **arguments))

    async def store(self, received: _Upload) -> Result:
        """Store the file and make its import. The stored copy goes again unless the import needs it."""
        storage = self.services.storage
        path = f"{datetime.now(UTC):%Y/%m}/{uuid4().hex}.csv"
        try:
            await storage.put(IMPORT_FILES, path, received.file, _MIME_TYPE)
        except ObjectTooLarge as error:
            raise _refused(413, "import.too_large", f"The file is {error}.") from None
        needed = False
        try:
            created = await self.call(
                "ingest_create_import",
                keyed=True,
                p_module=received.module,
                p_file_name=received.name,
                p_mime_type=_MIME_TYPE,
                p_size_bytes=received.size,
                p_sha256=received.sha256,
                p_bucket=IMPORT_FILES,
                p_path=path,
                p_header=received.header,
            )
            needed = not created.replayed and json.loads(created.body)["duplicate_of"] is None
        except OutcomeUnknown:
            needed = True
            raise
        finally:
            if not needed:
                await asyncio.shield(storage.delete(IMPORT_FILES, path))
        return created

    async def stage(self, import_id: int, file: BinaryIO) -> int:
        """Stage every row of the file; how many there are. Rows that are staged already stay as they are."""
        pieces = batches((await run_sync(CsvFile, file)).rows(), BATCH_ROWS, BATCH_CHARACTERS)
        total = 0
        while batch := await run_sync(_next, pieces):
            total += len(batch)
            try:
                await self.call(
                    "ingest_stage_rows",
                    p_import_id=import_id,
                    p_row_nos=[row.line for row in batch],
                    p_rows=[row.data for row in batch],
                    p_errors=[row.errors for row in batch],
                )
            except asyncpg.PostgresError as error:
                if getattr(error, "hint", None) != "import.already_staged":
                    raise
                break  # another request has read the same file to its end meanwhile
        return total

    async def process(self, import_id: int) -> str:
        """Process chunks until the import is closed or the time is over; the import then, as JSON text."""
        found = json.loads((await self.call("ingest_get_import", p_import_id=import_id)).body)
        if found["status"] == "staging":
            await self._stage_again(import_id, found["file_id"])
        function = PROCESSORS.get(found["module"])
        if function is None:
            raise Problem(409, "import.module_unsupported", "Rows of this module cannot be processed here.")
        loop = asyncio.get_running_loop()
        now = loop.time()
        end = now + PROCESS_SECONDS
        rows = CHUNK_ROWS
        while True:
            try:
                done = await self.call(function, p_import_id=import_id, p_limit=rows)
            except asyncpg.QueryCanceledError:
                if rows == SMALLEST_CHUNK:
                    raise
                rows, now = SMALLEST_CHUNK, loop.time()
                continue
            started, now = now, loop.time()
            if json.loads(done.body)["status"] not in ("uploaded", "processing") or now > end:
                return done.body
            rows = max(SMALLEST_CHUNK, min(2 * rows, 5_000, round(rows * CHUNK_SECONDS / (now - started))))

    async def _stage_again(self, import_id: int, file_id: int) -> None:
        """After a crash while staging: read the stored file once more."""
        stored = json.loads((await self.call("app_get_file", p_file_id=file_id)).body)
        with tempfile.SpooledTemporaryFile(1024 * 1024) as copy:
            try:
                async for piece in self.services.storage.open(stored["bucket"], stored["path"]):
                    await run_sync(copy.write, piece)
            except ObjectMissing:
                raise Problem(
                    409, "import.file_missing", "The stored file is gone: upload it again."
                ) from None
            total = await self.stage(import_id, copy)  # type: ignore[arg-type]
        await self.call("ingest_finish_staging", p_import_id=import_id, p_total_rows=total)


def _next(pieces: Any) -> list[Row] | None:
    return next(pieces, None)


async def _form(request: Request) -> FormData:
    """The form, its file on disk as soon as it is longer than 1 MB."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MULTIPART:
        raise Problem(415, "request.media_type", f"Send the file as {MULTIPART}.")
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await request.form(max_files=2, max_fields=10, max_part_size=10_000)
    except TimeoutError:
        raise Problem(408, "request.slow", "The body did not arrive in time.") from None
    except ClientDisconnect:
        raise Problem(400, "request.incomplete", "The body ended early.") from None


def _parts(form: FormData) -> tuple[str, UploadFile]:
    """The two parts of the form. Every fault is reported."""
    faults = [
        FieldError(name[:100], "request.extra_forbidden", "Not a field here.")
        for name in form
        if name not in ("module", "file")
    ]
    faults += [
        FieldError(name[:100], "request.duplicate", "Given more than once.")
        for name in form
        if len(form.getlist(name)) > 1
    ]
    module, file = form.get("module"), form.get("file")
    for name, value, kind in (("module", module, str), ("file", file, UploadFile)):
        if value is None:
            faults.append(FieldError(name, "request.missing", "Field required."))
        elif not isinstance(value, kind):
            faults.append(FieldError(name, "request.type", f"Must be a {'text' if kind is str else 'file'}."))
    if isinstance(module, str) and "\0" in module:
        faults.append(FieldError("module", "request.nul", "Contains the character NUL."))
    if faults or not isinstance(module, str) or not isinstance(file, UploadFile):
        raise invalid(*faults)
    return module, file


def _examine(module: str, received: UploadFile) -> _Upload:
    """Read the file once: size, checksum, encoding, header, and whether there is any row. Raises Problem."""
    name = _file_name(received)
    file: BinaryIO = received.file
    checksum = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = 0
    file.seek(0)
    try:
        while piece := file.read(256 * 1024):
            size += len(piece)
            checksum.update(piece)
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text. Save it as “CSV UTF-8”."
        raise Problem(
            422, "import.encoding", message, errors=[FieldError("file", "import.encoding", message)]
        ) from None
    content = CsvFile(file)
    if next(content.rows(), None) is None:
        raise _refused(422, "import.no_rows", "The file has a header but no rows.")
    return _Upload(module, name, file, size, checksum.hexdigest(), content.header)


def _file_name(received: UploadFile) -> str:
    """The name that the file has for its uploader; its type follows from it. Raises Problem 415."""
    given = (received.filename or "").replace("\\", "/")
    name = "".join(c for c in PurePath(given).name if c.isprintable())[-255:].strip()
    suffix = PurePath(name).suffix.lower()
    declared = (received.content_type or "").partition(";")[0].strip().lower()
    if suffix != ".csv" and not (suffix == "" and declared == _MIME_TYPE):
        raise _refused(415, "import.type", "Only CSV files can be imported.")
    return name or "import.csv"


def _refused(status: int, code: str, message: str) -> Problem:
    return Problem(status, code, message, errors=[FieldError("file", code, message)])
