"""Stored files that no row refers to: what is left when a process dies between storing a file and saying so.

A file is stored first and gets its row in `app.files` afterwards, so that no row ever lacks its bytes. Bytes
that lack a row can happen, cost nothing but room, and are found here by whoever administers the installation.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg

from bff.storage import Storage, Stored, load_buckets

AGE = timedelta(hours=24)
"""Younger files are left alone: the row of one that is just being uploaded is still to come."""
_PAGE = 1000


async def unreferenced(
    storage: Storage, connection: psycopg.Connection, age: timedelta = AGE
) -> AsyncIterator[tuple[str, Stored]]:
    """Bucket and object of every file older than `age` without a row in `app.files`.

    `connection` is one that sees the rows of all organisations. Raises StorageUnavailable.
    """
    (hidden,) = connection.execute("select row_security_active('app.files')").fetchone() or (True,)
    if hidden:  # else every file would seem to be nobody's
        raise PermissionError("Not all rows of app.files can be seen from here.")
    before = datetime.now(UTC) - age
    for bucket in load_buckets():
        page: list[Stored] = []
        async for found in storage.stored(bucket):
            if found.since < before:
                page.append(found)
            if len(page) == _PAGE:
                for object_ in _without_row(connection, bucket, page):
                    yield bucket, object_
                page = []
        for object_ in _without_row(connection, bucket, page):
            yield bucket, object_


def _without_row(connection: psycopg.Connection, bucket: str, page: list[Stored]) -> list[Stored]:
    known = connection.execute(
        "select f.path from app.files f where f.bucket = %s and f.path = any(%s)",
        [bucket, [found.path for found in page]],
    )
    paths = {path for (path,) in known}
    return [found for found in page if found.path not in paths]
