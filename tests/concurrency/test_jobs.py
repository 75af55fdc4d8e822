"""Jobs as the runner runs them: real transactions, and what one raises is on record all the same."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from db.worker import Runner, Work
from tests.support.people import People

REAL = [
    "clean.idempotency_keys",
    "clean.jobs",
    "clean.log_ins",
    "clean.outbox",
    "clean.photos",
    "clean.webhooks",
]


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def admin(database: str) -> AsyncIterator[asyncpg.Connection]:
    async with connected(database) as connection:
        await connection.execute(
            "delete from app.job_runs; delete from app.job_queue; delete from app.leases;"
            "delete from app.jobs where job_key not like 'clean.%'"
        )
        yield connection


async def run_once(worker_url: str) -> tuple[list[Work], int, list[str]]:
    told: list[Work] = []
    sent, held = await Runner(worker_url, told.append).run_once()
    return told, sent, held


async def test_every_job_there_is_can_be_run(admin: asyncpg.Connection, worker_url: str) -> None:
    told, _, held = await run_once(worker_url)
    assert held == []
    assert {work.name: work.error for work in told} == dict.fromkeys(REAL)
    runs = await admin.fetch("select job_key, state from app.job_runs order by 1")
    assert [tuple(run) for run in runs] == [(job, "done") for job in REAL]
    told, _, _ = await run_once(worker_url)
    assert told == [], "nothing is due again"


async def test_a_job_that_fails_is_on_record_and_keeps_nobody(
    admin: asyncpg.Connection, worker_url: str
) -> None:
    await admin.execute(
        "insert into app.jobs (job_key, description, every) values ('a.broken', 'does not exist', '1 hour')"
    )
    told, _, _ = await run_once(worker_url)
    assert [work.name for work in told] == ["a.broken", *REAL]
    assert told[0].error is not None
    run: Any = await admin.fetchrow("select state, message from app.job_runs where job_key = 'a.broken'")
    assert run["state"] == "failed"
    assert run["message"].startswith("PT500 Nobody has said what this job does.")
    assert "a.broken" in run["message"]


async def test_queued_work_is_done_after_its_transaction_has_committed_and_dies_visibly(
    admin: asyncpg.Connection, worker_url: str, people: People
) -> None:
    org_id = people["sa"].org_id
    async with admin.transaction():
        await admin.execute("select app.enqueue_job($1, 'no.such_kind', 7)", org_id)
        told, _, _ = await run_once(worker_url)
        assert "no.such_kind" not in [work.name for work in told]
    for tries in range(1, 6):
        told, _, _ = await run_once(worker_url)
        assert [work.name for work in told] == ["no.such_kind"]
        order: Any = await admin.fetchrow("select state, attempts, last_error from app.job_queue")
        assert order["attempts"] == tries
        assert order["last_error"].startswith("PT500 ")
        assert order["state"] == ("dead" if tries == 5 else "waiting")
        await admin.execute("update app.job_queue set run_after = now()")
    told, _, _ = await run_once(worker_url)
    assert told == []


async def test_a_second_runner_leaves_the_work_to_the_first(
    admin: asyncpg.Connection, worker_url: str
) -> None:
    await admin.execute("select app.take_lease('jobs', 'somebody'), app.take_lease('dispatcher', 'somebody')")
    told, sent, held = await run_once(worker_url)
    assert (told, sent, held) == ([], 0, ["dispatcher", "jobs"])
    assert await admin.fetchval("select count(*) from app.job_runs") == 0
