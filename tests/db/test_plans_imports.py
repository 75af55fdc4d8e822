"""The list of imports is answered from an index, whatever is asked and whoever asks."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.uploads.models import ImportList
from tests.support.people import People
from tests.support.plans import asked, explained

ROWS = 100_000

MANY_IMPORTS = """
    set local session_replication_role = replica; -- no audit: it is measured elsewhere
    insert into ingest.imports (
        org_id, module, file_name, file_sha256, header, status, total_rows, error_rows, uploaded_by
    )
    select
        %(org)s, (array['leads', 'member_records'])[1 + n %% 2], n || '.csv', lpad(to_hex(n), 64, '0'), '{a}',
        case when n %% 1000 = 0 then 'failed' else 'uploaded' end, 1,
        case when n %% 1000 = 0 then 1 else 0 end,
        (%(uploaders)s::uuid[])[1 + n %% cardinality(%(uploaders)s)]
    from generate_series(1, %(rows)s) n;
"""

SCOPES = {"all": "sa", "module": "mm", "own": "mc"}
"""Somebody whose role sees imports by that scope."""

FILTERS = {"module": "leads", "status": "failed"}


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many imports."""
    values = {
        "org": people["mc"].org_id,
        "rows": ROWS,
        "uploaders": [people[name].user_id for name in ("mc", "dgo", "adm", "sa", "mm")],
    }
    with explained(database, (MANY_IMPORTS, values), analyze="ingest.imports") as connection:
        yield connection


def listed(
    session: psycopg.Connection, person: Any, module: str | None, status: str | None, after: Any
) -> tuple[int, set[str]]:
    """How many imports the list shows, and by which kinds of scan it read them."""
    question = "select api.ingest_list_imports(%s, %s, 50, %s)"
    page, scans = asked(session, person, "imports", question, module, status, Jsonb(after) if after else None)
    return len(page["items"]), scans


def test_every_filter_of_the_list_is_tried() -> None:
    assert set(FILTERS) == set(ImportList.model_fields) - {"limit", "cursor"}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("names", [(), ("module",), ("status",), ("module", "status")], ids=str)
@pytest.mark.parametrize("page", [None, {"import_id": 40_000}], ids=["first page", "later page"])
def test_a_list_of_imports_reads_an_index(
    scope: str, names: tuple[str, ...], page: Any, session: psycopg.Connection, people: People
) -> None:
    chosen = {name: FILTERS[name] if name in names else None for name in FILTERS}
    count, found = listed(session, people[SCOPES[scope]], chosen["module"], chosen["status"], page)
    assert found, "no plan says how imports were read"
    assert "Seq Scan" not in found
    # Every thousandth import has failed; every second is of leads, every fifth mc's.
    assert count == 50 or "status" in names
