"""What every storage promises; the disk always, Supabase's where SUPABASE_URL is set."""

import io
import os
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bff.storage import Storage, load_buckets, make_storage, sync_buckets
from bff.storage.buckets import Bucket
from bff.storage.errors import (
    ObjectExists,
    ObjectMissing,
    ObjectTooLarge,
    StorageUnavailable,
    TypeNotAllowed,
)
from db.settings import Settings

BUCKET = "import-files"


def _settings(kind: str, home: Path) -> Settings:
    if kind == "disk":
        return Settings.load(home=home, supabase_url=None)
    return Settings.load(home=home)


@pytest.fixture(
    params=[
        "disk",
        pytest.param(
            "supabase",
            marks=[
                pytest.mark.supabase,
                pytest.mark.skipif(not os.environ.get("SUPABASE_URL"), reason="SUPABASE_URL is not set"),
            ],
        ),
    ]
)
async def storage(request, tmp_path) -> AsyncIterator[Storage]:
    settings = _settings(request.param, tmp_path)
    assert await sync_buckets(settings) == list(load_buckets())
    made = make_storage(settings)
    yield made
    await made.close()


@pytest.fixture
def path() -> str:
    return f"2026/01/{secrets.token_hex(8)}.csv"


async def content_of(storage: Storage, path: str) -> bytes:
    return b"".join([piece async for piece in storage.open(BUCKET, path)])


@pytest.mark.parametrize("size", [0, 1, 255, 700_000])
async def test_what_was_put_comes_back(storage, path, size):
    content = secrets.token_bytes(size)
    assert await storage.put(BUCKET, path, io.BytesIO(content), "text/csv") == size
    assert await storage.exists(BUCKET, path)
    assert await content_of(storage, path) == content


async def test_a_source_is_stored_whole_wherever_it_stands(storage, path):
    source = io.BytesIO(b"whole file")
    source.seek(6)
    assert await storage.put(BUCKET, path, source, "text/csv") == 10
    assert await content_of(storage, path) == b"whole file"


async def test_an_object_is_never_overwritten(storage, path):
    await storage.put(BUCKET, path, io.BytesIO(b"first"), "text/csv")
    with pytest.raises(ObjectExists):
        await storage.put(BUCKET, path, io.BytesIO(b"second"), "text/csv")
    assert await content_of(storage, path) == b"first"


async def test_what_was_deleted_is_gone_and_deleting_again_is_harmless(storage, path):
    await storage.put(BUCKET, path, io.BytesIO(b"x"), "text/csv")
    await storage.delete(BUCKET, path)
    assert not await storage.exists(BUCKET, path)
    with pytest.raises(ObjectMissing):
        await content_of(storage, path)
    await storage.delete(BUCKET, path)


async def test_what_never_was_is_missing(storage, path):
    assert not await storage.exists(BUCKET, path)
    with pytest.raises(ObjectMissing):
        await content_of(storage, path)


async def test_a_bucket_takes_its_types_alone(storage, path):
    with pytest.raises(TypeNotAllowed):
        await storage.put(BUCKET, path, io.BytesIO(b"MZ"), "application/x-msdownload")
    assert not await storage.exists(BUCKET, path)


async def test_a_file_over_the_limit_leaves_nothing(storage, path):
    limit = load_buckets()["customer-documents"].max_bytes
    with pytest.raises(ObjectTooLarge):
        await storage.put("customer-documents", path, io.BytesIO(b"x" * (limit + 1)), "application/pdf")
    assert not await storage.exists("customer-documents", path)


@pytest.mark.parametrize(
    "bad",
    ["../x", "a/../../x", "/etc/passwd", "a//b", ".hidden", "a/./b", "a\\b", "", "a\0b", "ä", "a" * 501],
)
async def test_no_path_leads_out_of_its_bucket(storage, bad):
    with pytest.raises(ValueError, match="path"):
        await storage.put(BUCKET, bad, io.BytesIO(b"x"), "text/csv")
    with pytest.raises(ValueError, match="path"):
        await content_of(storage, bad)


async def test_what_is_stored_is_listed_with_the_time(storage):
    paths = [f"2026/{month:02d}/{secrets.token_hex(8)}.csv" for month in (1, 2, 2)]
    before = datetime.now(UTC) - timedelta(minutes=1)
    for path in paths:
        await storage.put(BUCKET, path, io.BytesIO(b"x"), "text/csv")
    found = {stored.path: stored.since async for stored in storage.stored(BUCKET)}
    assert found.keys() >= set(paths)
    assert all(before < found[path] < datetime.now(UTC) + timedelta(minutes=1) for path in paths)


async def test_syncing_buckets_again_changes_nothing(storage, tmp_path, path):
    await storage.put(BUCKET, path, io.BytesIO(b"x"), "text/csv")
    for bucket in load_buckets().values():
        await storage.ensure_bucket(bucket)
    assert await storage.exists(BUCKET, path)


# On disk alone


@pytest.fixture
async def disk(tmp_path) -> AsyncIterator[Storage]:
    made = make_storage(_settings("disk", tmp_path))
    yield made
    await made.close()


async def test_a_source_that_breaks_off_leaves_no_half_of_a_file(disk, path, tmp_path):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 400_000:
                raise OSError("unplugged")
            return super().read(size)

    with pytest.raises(StorageUnavailable):
        await disk.put(BUCKET, path, Broken(b"x" * 1_000_000), "text/csv")
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


async def test_files_are_readable_by_their_owner_alone(disk, path, tmp_path):
    await disk.put(BUCKET, path, io.BytesIO(b"x"), "text/csv")
    [found] = tmp_path.rglob("*.csv")
    assert found.stat().st_mode & 0o077 == 0


# The description of the buckets


def test_the_five_buckets_are_described():
    assert list(load_buckets()) == [
        "ticket-attachments",
        "kpi-evidence",
        "prospect-evidence",
        "customer-documents",
        "import-files",
    ]


def test_rights_of_buckets_are_permissions_of_the_matrix(database):
    with psycopg.connect(database) as connection:
        known = {
            f"{resource}:{action}"
            for resource, action in connection.execute(
                "select distinct regexp_replace(resource, '\\..*', '.*'), action from app.role_permissions"
            )
        }
    for bucket in load_buckets().values():
        assert {bucket.read, bucket.write} <= known


def test_a_bucket_that_is_described_wrongly_is_refused():
    with pytest.raises(ValueError, match="max_bytes"):
        Bucket(name="x", max_bytes=0, mime_types=(), read="a:b", write="a:b")
