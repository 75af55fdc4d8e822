"""Dry runs: the real processing of a file, rolled back at its end. So the report is the real one.

Nothing of it is kept: no row, number, event or notification. While it lasts, others wait who write what the
module writes; so it is short, and of a long file it sees the beginning.
"""

import asyncio
import json
from typing import Any

import asyncpg

from bff.calls import call
from bff.problems import Problem
from bff.uploads.processing import CHUNK_ROWS, function_of, next_chunk
from bff.uploads.work import Work
from db.session import Connection

SECONDS = 5.0
"""How long a dry run works before it answers with what it has seen so far."""
SHOWN = 100
"""Rows of each kind that the report shows."""


class _RolledBack(Exception):  # noqa: N818 - not an error: how the transaction ends
    def __init__(self, report: str) -> None:
        self.report = report


async def dry_run(work: Work, import_id: int) -> str:
    """What processing the pending rows would come to, as JSON text. Raises what processing raises."""
    function = function_of(await _found(work, import_id))
    context = {name: value for name, value in work.context.items() if name != "idempotency_key"}
    try:
        async with work.services.database.request(work.sub, context) as connection:
            await _rehearse(connection, function, import_id)
            raise _RolledBack(await _report(connection, import_id))  # noqa: TRY301 - rolls back
    except _RolledBack as done:
        return done.report
    except asyncpg.QueryCanceledError:
        raise Problem(503, "import.dry_run.busy", "Somebody else is importing. Try again.") from None


async def _found(work: Work, import_id: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await work.call("ingest_get_import", p_import_id=import_id)).body)
    if found["status"] == "staging":
        raise Problem(409, "import.not_staged", "The file is still being staged.")
    if found["undone_at"] is not None:
        raise Problem(409, "import.undone", "This import was undone.")
    return found


async def _rehearse(connection: Connection, function: str, import_id: int) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    end, rows = now + SECONDS, CHUNK_ROWS
    while True:
        done = json.loads((await call(connection, function, p_import_id=import_id, p_limit=rows)).body)
        started, now = now, loop.time()
        if done["status"] not in ("uploaded", "processing") or now > end:
            return
        rows = next_chunk(rows, now - started)


async def _report(connection: Connection, import_id: int) -> str:
    """The import as it would be, and rows that did not succeed, as they would be."""
    done = json.loads((await call(connection, "ingest_get_import", p_import_id=import_id)).body)
    rows = []
    for status in ("error", "skipped", "duplicate"):
        page = await call(
            connection, "ingest_list_rows", p_import_id=import_id, p_status=status, p_limit=SHOWN
        )
        rows += json.loads(page.body)["items"]
    is_whole = done["status"] in ("completed", "failed")
    return json.dumps({"import": done, "is_whole": is_whole, "rows": rows}, ensure_ascii=False)
