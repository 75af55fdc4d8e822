"""A document on its way in: stored first, then registered by an `api` function: no row without its bytes."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import uuid4

from anyio.to_thread import run_sync
from starlette.datastructures import UploadFile

from bff.calls import Result
from bff.storage import load_buckets
from bff.storage.errors import ObjectTooLarge
from bff.uploads.documents import TYPES, measured, named, refused
from bff.uploads.work import Work
from db.session import OutcomeUnknown


def examined(file: UploadFile, bucket: str, code: str, types: Collection[str] = TYPES) -> tuple[str, str]:
    """The document's name and the end of it. Raises Problem 413 `<code>.too_large`, 415 `<code>.type`."""
    name, suffix = named(file.filename or "", f"{code}.type", types)
    limit = load_buckets()[bucket].max_bytes
    if (file.size or 0) > limit:
        raise refused(413, f"{code}.too_large", f"The file is larger than {limit} bytes.")
    return name, suffix


async def registered(
    work: Work,
    function: str,
    file: UploadFile,
    document: tuple[str, str],
    *,
    bucket: str,
    folder: str,
    code: str,
    **arguments: Any,
) -> Result:
    """Store an examined document in `folder`, and tell `api.<function>` about it.

    The stored file goes again unless a row needs it: after a refusal, and when the answer is a repeated one.
    """
    name, suffix = document
    size, sha256 = await run_sync(measured, file.file)
    path = f"{folder}/{uuid4().hex}{suffix}"
    storage = work.services.storage
    try:
        await storage.put(bucket, path, file.file, TYPES[suffix])
    except ObjectTooLarge as error:
        raise refused(413, f"{code}.too_large", f"The file is {error}.") from None
    needed = False
    try:
        done = await work.call(
            function,
            keyed=True,
            p_file_name=name,
            p_mime_type=TYPES[suffix],
            p_size_bytes=size,
            p_sha256=sha256,
            p_bucket=bucket,
            p_path=path,
            **arguments,
        )
        needed = not done.replayed
    except OutcomeUnknown:
        needed = True
        raise
    finally:
        if not needed:
            await asyncio.shield(storage.delete(bucket, path))
    return done
