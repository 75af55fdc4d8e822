"""From an uploaded file to staged rows: stored as it is, then every row, whatever is wrong with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO
from uuid import uuid4

import asyncpg
from anyio.to_thread import run_sync
from starlette.datastructures import UploadFile

from bff.calls import Result
from bff.problems import Problem
from bff.storage import IMPORT_FILES
from bff.storage.errors import ObjectMissing, ObjectTooLarge
from bff.uploads.received import MIME_TYPES, Received, as_problem, named, opened, refused, spooled
from bff.uploads.rows import Batch, Source
from bff.uploads.work import Work
from db.session import OutcomeUnknown

CALLS = ("ingest_create_import", "ingest_stage_rows", "ingest_finish_staging", "ingest_get_import")
"""The `api` functions that an upload calls."""

_workbooks = asyncio.Semaphore(2)
"""How many workbooks are read at once by this process: each may take a lot of memory."""


@dataclass(frozen=True, slots=True)
class Staged:
    """An import with all its rows staged. `body`: the import as JSON text with `duplicate_of`."""

    import_id: int
    duplicate_of: int | None
    replayed: bool
    body: str

    @property
    def status(self) -> int:
        """Of the answer over HTTP: 200 for a file that was there already."""
        return 201 if self.duplicate_of is None else 200


async def stage_upload(
    work: Work,
    *,
    module: str,
    file: UploadFile,
    mapping: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    save_mapping: bool = False,
) -> Staged:
    """Store a file and stage its rows, or find the import that it already is.

    Nothing is kept of a file that cannot be staged, or that was uploaded before. The Idempotency-Key of the
    request, if `work` knows one, makes a repetition answer the same. Raises Problem for faults of the file,
    and what the `api` functions of CALLS raise.
    """
    limit = work.services.settings.max_upload_bytes
    if (file.size or 0) > limit:
        raise refused(413, "import.too_large", f"The file is larger than {limit} bytes.")
    name, suffix = named(file)
    async with _examined(file.file, name, suffix) as received:
        created = await _store(
            work,
            received,
            p_module=module,
            p_mapping=None if mapping is None else json.dumps(mapping),
            p_options=json.dumps(options or {}),
            p_save_mapping=save_mapping,
        )
        known = json.loads(created.body)
        import_id, duplicate_of = known["import_id"], known["duplicate_of"]
        if created.replayed:
            known = json.loads((await work.call("ingest_get_import", p_import_id=import_id)).body)
        if known["status"] == "staging" and duplicate_of is not None:
            # Another request is staging it; should that have died, `process` takes over.
            done = await work.call("ingest_get_import", p_import_id=import_id)
        else:
            done = await _staged(work, known, received)
    body = f'{done.body[:-1]}, "duplicate_of": {json.dumps(duplicate_of)}}}'
    return Staged(import_id, duplicate_of, created.replayed, body)


async def stage_again(work: Work, known: Mapping[str, Any]) -> None:
    """After a crash while staging: read the stored file once more. `known`: the import, as it is shown."""
    stored = json.loads((await work.call("app_get_file", p_file_id=known["file_id"])).body)
    suffix = next(end for end, mime_type in MIME_TYPES.items() if mime_type == stored["mime_type"])
    with spooled() as copy:
        try:
            async for piece in work.services.storage.open(stored["bucket"], stored["path"]):
                await run_sync(copy.write, piece)
        except ObjectMissing:
            raise Problem(409, "import.file_missing", "The stored file is gone: upload it again.") from None
        async with _examined(copy, stored["file_name"], suffix) as received:
            await _staged(work, known, received)


async def _staged(work: Work, known: Mapping[str, Any], received: Received) -> Result:
    """The import when all its rows are staged. `known`: what it was before.

    The Idempotency-Key counts here once more, so that a repetition gets this very answer.
    """
    import_id, total = known["import_id"], known["total_rows"]
    finish = partial(work.call, "ingest_finish_staging", keyed=True, p_import_id=import_id)
    if known["status"] != "staging":
        return await finish(p_total_rows=total)
    total = await stage_rows(work, import_id, received.source, known["digit_columns"])
    try:
        return await finish(p_total_rows=total)
    except asyncpg.PostgresError as error:
        if getattr(error, "hint", None) != "import.rows_missing":
            raise
    # Batches do not wait for the disk: the server crashed meanwhile, and came back without the last of them.
    async with _opened(received.file, received.name, received.suffix) as again:
        total = await stage_rows(work, import_id, again.source, known["digit_columns"])
    return await finish(p_total_rows=total)


@asynccontextmanager
async def _examined(file: BinaryIO, name: str, suffix: str) -> AsyncIterator[Received]:
    """The file, opened in a thread of its own, and closed again."""
    if suffix != ".csv":
        async with _workbooks, _opened(file, name, suffix) as received:
            yield received
    else:
        async with _opened(file, name, suffix) as received:
            yield received


@asynccontextmanager
async def _opened(file: BinaryIO, name: str, suffix: str) -> AsyncIterator[Received]:
    received = await run_sync(opened, file, name, suffix)
    try:
        yield received
    finally:
        await asyncio.shield(run_sync(received.source.close))


async def _store(work: Work, received: Received, **arguments: Any) -> Result:
    """Store the file and make its import. The stored copy goes again unless the import needs it."""
    storage = work.services.storage
    path = f"{datetime.now(UTC):%Y/%m}/{uuid4().hex}{received.suffix}"
    try:
        await storage.put(IMPORT_FILES, path, received.file, received.mime_type)
    except ObjectTooLarge as error:
        raise refused(413, "import.too_large", f"The file is {error}.") from None
    needed = False
    try:
        created = await work.call(
            "ingest_create_import",
            keyed=True,
            p_file_name=received.name,
            p_mime_type=received.mime_type,
            p_size_bytes=received.size,
            p_sha256=received.sha256,
            p_bucket=IMPORT_FILES,
            p_path=path,
            p_header=received.source.header,
            p_details=json.dumps(dict(received.source.details)),
            **arguments,
        )
        needed = not created.replayed and json.loads(created.body)["duplicate_of"] is None
    except OutcomeUnknown:
        needed = True
        raise
    finally:
        if not needed:
            await asyncio.shield(storage.delete(IMPORT_FILES, path))
    return created


async def stage_rows(work: Work, import_id: int, source: Source, digit_columns: Collection[str]) -> int:
    """Stage every row; how many there are. Rows that are staged already stay as they are."""
    pieces = source.batches(digit_columns)

    def following() -> Batch | None:
        with as_problem():
            return next(pieces, None)

    total = 0
    # One batch is read while the one before it is on its way.
    ahead = asyncio.ensure_future(run_sync(following))
    try:
        while batch := await ahead:
            ahead = asyncio.ensure_future(run_sync(following))
            total += len(batch.rows)
            try:
                await work.call(
                    "ingest_stage_rows",
                    p_import_id=import_id,
                    p_row_nos=batch.row_nos,
                    p_rows=batch.rows,
                    p_errors=batch.errors if any(batch.errors) else None,
                )
            except asyncpg.PostgresError as error:
                if getattr(error, "hint", None) != "import.already_staged":
                    raise
                # Another request has read the same file to its end meanwhile: it knows how many.
                known = json.loads((await work.call("ingest_get_import", p_import_id=import_id)).body)
                return int(known["total_rows"])
    finally:
        await asyncio.shield(asyncio.gather(ahead, return_exceptions=True))
    return total
