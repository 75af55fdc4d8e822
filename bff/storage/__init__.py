"""Where the bytes of files live: one interface, kept by a folder on disk and by Supabase Storage.

Nothing here decides who may have a file: handlers ask SQL first. Objects are never overwritten.
"""

from collections.abc import AsyncIterator
from typing import BinaryIO, Protocol

from bff.storage.buckets import Bucket, Stored, load_buckets
from bff.storage.errors import StorageUnavailable
from db.settings import Settings

IMPORT_FILES = "import-files"


class Storage(Protocol):
    """Files by bucket and path. Paths are made by us: words of letters, digits, `._-`, joined by slashes."""

    async def ensure_bucket(self, bucket: Bucket) -> None:
        """Make the bucket, or bring its limits up to date."""

    async def put(self, bucket: str, path: str, source: BinaryIO, mime_type: str) -> int:
        """Store all that `source` holds, wherever it stands; its size in bytes.

        Raises ObjectExists, ObjectTooLarge, TypeNotAllowed (then nothing is stored), StorageUnavailable.
        """

    def open(self, bucket: str, path: str) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises ObjectMissing with the first, StorageUnavailable."""

    async def delete(self, bucket: str, path: str) -> None:
        """Remove an object; none there is no error."""

    async def exists(self, bucket: str, path: str) -> bool:
        """Whether there is such an object."""

    def stored(self, bucket: str) -> AsyncIterator[Stored]:
        """All objects of the bucket, in any order. Raises StorageUnavailable."""

    async def close(self) -> None:
        """Let go of connections."""


def make_storage(settings: Settings) -> Storage:
    """The storage of an installation: Supabase where SUPABASE_URL is set, else the folder for files."""
    buckets = load_buckets()
    if settings.supabase_url is None:
        from bff.storage.disk import DiskStorage

        return DiskStorage(settings.files_folder, buckets)

    from bff.storage.supabase import SupabaseStorage

    assert settings.supabase_service_role_key is not None  # settings are refused without it
    return SupabaseStorage(
        settings.supabase_storage_url or f"{settings.supabase_url}/storage/v1",
        settings.supabase_service_role_key.get_secret_value(),
        buckets,
    )


async def sync_buckets(settings: Settings) -> list[str]:
    """Make every bucket of storage_buckets.yaml, with its limits; their names. Raises StorageUnavailable."""
    storage = make_storage(settings)
    try:
        buckets = load_buckets()
        for bucket in buckets.values():
            await storage.ensure_bucket(bucket)
        return list(buckets)
    finally:
        await storage.close()


__all__ = [
    "IMPORT_FILES",
    "Bucket",
    "Storage",
    "StorageUnavailable",
    "Stored",
    "load_buckets",
    "make_storage",
    "sync_buckets",
]
