"""Files of every module, small and right, for people who are at work on what becomes of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from callers import Caller

from tests.support.people import Person


async def imported(
    caller: Caller,
    person: Person,
    module: str,
    rows: Sequence[Mapping[str, Any]],
    name: str,
    options: Mapping[str, Any] | None = None,
) -> int:
    """A file whose first row is line 2, all of it processed; the import's id."""
    digest = hashlib.sha256(f"{module} {name} {json.dumps(list(rows))}".encode()).hexdigest()
    body = await caller.call(
        person,
        "ingest_create_import",
        p_module=module,
        p_file_name=f"{name}.csv",
        p_mime_type="text/csv",
        p_size_bytes=1,
        p_sha256=digest,
        p_bucket="import-files",
        p_path=f"{person.user_id}/{module}/{name}",
        p_header=list(rows[0]),
        p_options=json.dumps(dict(options or {})),
    )
    import_id = int(json.loads(body)["import_id"])
    await caller.call(
        person,
        "ingest_stage_rows",
        p_import_id=import_id,
        p_row_nos=list(range(2, len(rows) + 2)),
        p_rows=[json.dumps(dict(row)) for row in rows],
        p_errors=[None] * len(rows),
    )
    await caller.call(person, "ingest_finish_staging", p_import_id=import_id, p_total_rows=len(rows))
    done = json.loads(
        await caller.call(person, f"process_import_{module}", p_import_id=import_id, p_limit=5000)
    )
    assert (done["status"], done["success_rows"]) == ("completed", len(rows)), done
    return import_id
