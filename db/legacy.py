"""Brings the previous system's member data in: files of JSON lines -> staging -> the module's own tables.

What is repaired, what comes in and what is refused is decided in SQL (members.migrate_legacy).
"""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from psycopg import connect
from psycopg.types.json import Jsonb

from db.logins import as_owner

KINDS = ("databases", "batches", "records", "reservations")
"""The files, without `.jsonl`. One that is missing is one without lines."""

CHUNK = 1_000
"""Lines that are staged in one call."""


class BadFile(Exception):  # noqa: N818 - says what it is
    """A file has a line that is no JSON object. Nothing was changed."""


def migrate(admin_url: str, org: str, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """The answer of members.migrate_legacy for the files of `folder`. All of it or nothing.

    `org`: slug of the organisation. Raises BadFile, psycopg.Error, LookupError for an unknown organisation.
    """
    with connect(admin_url) as connection:
        found = connection.execute("select org_id from app.organizations where slug = %s", [org]).fetchone()
        if found is None:
            raise LookupError(f"There is no organisation {org}.")
        org_id = found[0]
        with as_owner(connection):
            for kind in KINDS:
                staged = 0
                for rows in _chunks(folder / f"{kind}.jsonl"):
                    row = connection.execute(
                        "select members.stage_legacy(%s, %s, %s)", [org_id, kind, Jsonb(rows)]
                    ).fetchone()
                    assert row is not None
                    staged += row[0]
                say(f"{kind}: {staged} new or changed")
            row = connection.execute("select members.migrate_legacy(%s)", [org_id]).fetchone()
    assert row is not None
    answer: dict[str, Any] = row[0]
    return answer


def _chunks(path: Path) -> Iterator[list[dict[str, Any]]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
        while chunk := list(islice(lines, CHUNK)):
            yield [_object(path, number, line) for number, line in chunk]


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as fault:
        raise BadFile(f"{path.name}, line {number}: {fault}.") from None
    if not isinstance(value, dict):
        raise BadFile(f"{path.name}, line {number}: not a JSON object.")
    return value
