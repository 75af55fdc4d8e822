"""Files in Supabase Storage, through its client, with the service key: SQL has already decided who may."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from io import SEEK_END, BufferedReader, RawIOBase
from typing import Any, BinaryIO, NoReturn, cast

import httpx
from storage3 import AsyncStorageClient
from storage3.exceptions import StorageApiError
from storage3.types import CreateOrUpdateBucketOptions

from bff.storage.buckets import Bucket, Stored, checked_path
from bff.storage.errors import (
    ObjectExists,
    ObjectMissing,
    ObjectTooLarge,
    StorageError,
    StorageUnavailable,
    TypeNotAllowed,
)

# The server answers many refusals with HTTP 400 and the real status in the body.
_ERRORS: dict[str, type[StorageError]] = {
    "404": ObjectMissing,
    "409": ObjectExists,
    "413": ObjectTooLarge,
    "415": TypeNotAllowed,
}

_PAGE = 100  # entries; what the server gives at once


class SupabaseStorage:
    """Objects on the storage server at `url` (with the gateway's `/storage/v1` where there is a gateway)."""

    def __init__(self, url: str, key: str, buckets: Mapping[str, Bucket]) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}", "apikey": key}
        self._buckets = buckets
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(60, connect=5))
        self._client = AsyncStorageClient(f"{self._url}/", self._headers, http_client=self._http)

    async def ensure_bucket(self, bucket: Bucket) -> None:
        options = CreateOrUpdateBucketOptions(
            public=False, file_size_limit=bucket.max_bytes, allowed_mime_types=list(bucket.mime_types)
        )
        try:
            try:
                await self._client.create_bucket(bucket.name, options=options)
            except StorageApiError as error:
                if str(error.status) != "409":
                    raise
                await self._client.update_bucket(bucket.name, options)
        except (StorageApiError, httpx.HTTPError) as error:
            _fail(error)

    async def put(self, bucket: str, path: str, source: BinaryIO, mime_type: str) -> int:
        rules = self._buckets[bucket]
        rules.check_type(mime_type)
        size = source.seek(0, SEEK_END)
        source.seek(0)
        if size > rules.max_bytes:
            raise ObjectTooLarge(f"larger than {rules.max_bytes} bytes")
        # The client streams only what it recognises as a reader.
        reader = cast("BufferedReader", BufferedReader(cast("RawIOBase", source)))
        try:
            await self._client.from_(bucket).upload(
                checked_path(path), reader, {"content-type": mime_type, "upsert": "false"}
            )
        except (StorageApiError, httpx.HTTPError) as error:
            _fail(error)
        finally:
            reader.detach()
        return size

    async def open(self, bucket: str, path: str) -> AsyncIterator[bytes]:
        # The client's own download() holds the whole object in memory.
        url = f"{self._url}/object/{self._buckets[bucket].name}/{checked_path(path)}"
        try:
            async with self._http.stream("GET", url, headers=self._headers) as response:
                if response.status_code != httpx.codes.OK:
                    await response.aread()
                    raise _error_of(response)
                async for piece in response.aiter_bytes():
                    yield piece
        except httpx.HTTPError as error:
            _fail(error)

    async def delete(self, bucket: str, path: str) -> None:
        try:
            await self._client.from_(bucket).remove([checked_path(path)])
        except (StorageApiError, httpx.HTTPError) as error:
            _fail(error)

    async def exists(self, bucket: str, path: str) -> bool:
        try:
            return await self._client.from_(bucket).exists(checked_path(path))
        except (StorageApiError, httpx.HTTPError) as error:
            _fail(error)

    async def stored(self, bucket: str) -> AsyncIterator[Stored]:
        folders = [""]
        while folders:
            folder = folders.pop()
            offset = 0
            while page := await self._page(bucket, folder, offset):
                offset += len(page)
                for entry in page:
                    path = f"{folder}/{entry['name']}" if folder else str(entry["name"])
                    if entry["id"] is None:  # a folder has a name and nothing else
                        folders.append(path)
                    else:
                        yield Stored(path, datetime.fromisoformat(entry["created_at"]))

    async def _page(self, bucket: str, folder: str, offset: int) -> list[dict[str, Any]]:
        try:
            return await self._client.from_(bucket).list(folder, {"limit": _PAGE, "offset": offset})
        except (StorageApiError, httpx.HTTPError) as error:
            _fail(error)

    async def close(self) -> None:
        await self._http.aclose()


def _fail(error: StorageApiError | httpx.HTTPError) -> NoReturn:
    if isinstance(error, StorageApiError):
        raise _ERRORS.get(str(error.status), StorageUnavailable)(error.message) from error
    raise StorageUnavailable(type(error).__name__) from error


def _error_of(response: httpx.Response) -> StorageError:
    try:
        status = str(response.json()["statusCode"])
    except (ValueError, KeyError, TypeError):
        status = str(response.status_code)
    return _ERRORS.get(status, StorageUnavailable)(f"storage answered {status}")
