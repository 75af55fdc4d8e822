"""Staging when the server loses what it had not yet written: nothing of the file is missing in the end."""

import io
import json
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
from starlette.datastructures import UploadFile

from bff.calls import Result
from bff.uploads.rows import BATCH_ROWS
from bff.uploads.staging import stage_upload
from bff.uploads.work import Work


class Forgetful:
    """A server that forgets its first batches once, as after a crash before they were on disk."""

    def __init__(self, forgets: int) -> None:
        self.forgets = forgets
        self.rows: set[int] = set()
        self.status = "staging"

    async def call(self, function: str, **arguments: Any) -> Result:
        known: dict[str, Any] = {
            "import_id": 7,
            "digit_columns": [],
            "duplicate_of": None,
            "total_rows": None,
        }
        if function == "ingest_stage_rows":
            if self.forgets:
                self.forgets -= 1
            else:
                self.rows |= set(arguments["p_row_nos"])
        elif function == "ingest_finish_staging":
            if len(self.rows) != arguments["p_total_rows"]:
                error = asyncpg.PostgresError("Not every row of the file is staged.")
                error.hint = "import.rows_missing"
                raise error
            self.status, known["total_rows"] = "uploaded", len(self.rows)
        return Result(json.dumps(known | {"status": self.status}), False)


class Nowhere:
    async def put(self, *arguments: Any) -> int:
        return 0

    async def delete(self, *arguments: Any) -> None:
        raise AssertionError("the file is needed")


def work_on(server: Forgetful) -> Work:
    settings = SimpleNamespace(max_upload_bytes=10**9)
    services = SimpleNamespace(settings=settings, storage=Nowhere())
    return cast(Work, SimpleNamespace(call=server.call, services=services))


@pytest.mark.parametrize("forgets", [0, 1, 2])
async def test_what_a_crash_took_is_staged_again_from_the_file(forgets: int):
    server = Forgetful(forgets)
    count = 2 * BATCH_ROWS + 5
    file = UploadFile(io.BytesIO(b"a,b\n" + b"1,2\n" * count), filename="a.csv")
    staged = await stage_upload(work_on(server), module="leads", file=file)
    assert json.loads(staged.body)["total_rows"] == count
    assert server.rows == set(range(2, count + 2))
