"""Files in a folder: a bucket is a folder in it, an object a file that appears whole or not at all."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from anyio.to_thread import run_sync

from bff.storage.buckets import Bucket, Stored, checked_path
from bff.storage.errors import ObjectExists, ObjectMissing, ObjectTooLarge, StorageUnavailable

_CHUNK = 256 * 1024


class DiskStorage:
    """Objects under `root`, readable by this user alone."""

    def __init__(self, root: Path, buckets: Mapping[str, Bucket]) -> None:
        self._root = root
        self._buckets = buckets

    async def ensure_bucket(self, bucket: Bucket) -> None:
        await run_sync(lambda: (self._root / bucket.name).mkdir(mode=0o700, parents=True, exist_ok=True))

    async def put(self, bucket: str, path: str, source: BinaryIO, mime_type: str) -> int:
        rules = self._buckets[bucket]
        rules.check_type(mime_type)
        return await run_sync(_write, self._place(bucket, path), source, rules.max_bytes)

    async def open(self, bucket: str, path: str) -> AsyncIterator[bytes]:
        place = self._place(bucket, path)
        try:
            file = await run_sync(place.open, "rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectMissing(f"{bucket}/{path}") from None
        except OSError as error:
            raise StorageUnavailable(str(error)) from error
        with file:
            while piece := await run_sync(file.read, _CHUNK):
                yield piece

    async def delete(self, bucket: str, path: str) -> None:
        await run_sync(lambda: self._place(bucket, path).unlink(missing_ok=True))

    async def exists(self, bucket: str, path: str) -> bool:
        return await run_sync(self._place(bucket, path).is_file)

    async def stored(self, bucket: str) -> AsyncIterator[Stored]:
        objects = _objects(self._root / self._buckets[bucket].name)
        try:
            while page := await run_sync(lambda: list(islice(objects, 1000))):
                for found in page:
                    yield found
        except OSError as error:
            raise StorageUnavailable(str(error)) from error

    async def close(self) -> None:
        """Nothing is held open between calls."""

    def _place(self, bucket: str, path: str) -> Path:
        return self._root / self._buckets[bucket].name / checked_path(path)


def _write(place: Path, source: BinaryIO, max_bytes: int) -> int:
    """Copy into a neighbour, then give it its name: a crash leaves no half of an object under that name."""
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix="unfinished-", dir=place.parent)
        try:
            size = 0
            source.seek(0)
            with os.fdopen(descriptor, "wb") as target:
                while piece := source.read(_CHUNK):
                    size += len(piece)
                    if size > max_bytes:
                        raise ObjectTooLarge(f"larger than {max_bytes} bytes")
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
            os.link(unfinished, place)
        finally:
            Path(unfinished).unlink()
        _sync_folder(place.parent)
    except FileExistsError:
        raise ObjectExists(place.name) from None
    except OSError as error:
        raise StorageUnavailable(str(error)) from error
    return size


def _objects(folder: Path) -> Iterator[Stored]:
    """Files in the folder and below, those included that a crash left unfinished."""
    for parent, _, names in os.walk(folder):
        for name in names:
            place = Path(parent, name)
            try:
                since = datetime.fromtimestamp(place.stat().st_mtime, UTC)
            except FileNotFoundError:  # deleted meanwhile
                continue
            yield Stored(place.relative_to(folder).as_posix(), since)


def _sync_folder(folder: Path) -> None:
    """The new name itself has to survive a power cut as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
