"""Events of transactions that overlap, roll back and are killed: each that was committed is published once,
in the order in which its key was written."""

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from callers import at_once

from tests.support.people import People, Person
from tests.support.serving import REPOSITORY

LEASE = "select app.take_lease('dispatcher', $1)"
SEND = "select app.dispatch_outbox($1, $2)"


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        connection.terminate() if connection.is_closed() else await connection.close()


class Heard:
    """What a listener has heard, oldest first."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    @property
    def topics(self) -> list[str]:
        return [event["topic"] for event in self.events]

    def note(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        assert isinstance(payload, str)
        assert len(payload.encode()) < 8000
        self.events.append(json.loads(payload))


@asynccontextmanager
async def listening(worker_url: str) -> AsyncIterator[Heard]:
    heard = Heard()
    async with connected(worker_url) as connection:
        channel = await connection.fetchval("select app.event_channel()")
        await connection.add_listener(channel, heard.note)
        yield heard


async def enter(connection: asyncpg.Connection, person: Person) -> None:
    await connection.execute(f"select app.enter('{person.user_id}'); set local role authenticated")


async def emit(connection: asyncpg.Connection, topic: str, key: str = "k", tag: str = "leads") -> None:
    await connection.execute(f"select app.emit('{topic}', array['{key}'], array['{tag}'])")


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.05)
    return True


@pytest.fixture(autouse=True)
async def nothing_waits(database: str) -> None:
    """Each test begins with an empty outbox and without a holder of the lease."""
    async with connected(database) as admin:
        await admin.execute("delete from app.outbox; delete from app.leases")


async def test_the_older_transaction_that_writes_second_is_published_second(
    bff_url: str, worker_url: str, people: People
) -> None:
    async with (
        connected(bff_url) as older,
        connected(bff_url) as younger,
        connected(worker_url) as worker,
        listening(worker_url) as heard,
    ):
        assert await worker.fetchval(LEASE, "w")
        await older.execute("begin")
        await enter(older, people["sp1"])
        await older.execute("select pg_current_xact_id()")
        async with younger.transaction():
            await enter(younger, people["sp2"])
            await emit(younger, "leads.written_first")
        await emit(older, "leads.written_second")
        await older.execute("commit")
        sent = [await worker.fetchval(SEND, "w", 1) for _ in range(3)]
        assert sent == [1, 1, 0]
        await asyncio.sleep(0.1)
        assert heard.topics == ["leads.written_first", "leads.written_second"]


async def test_the_order_of_a_key_does_not_depend_on_which_transaction_began_first(
    bff_url: str, worker_url: str, people: People
) -> None:
    """The second writer's transaction is the oldest, the first writer's the youngest, another runs on."""
    async with (
        connected(bff_url) as second,
        connected(bff_url) as other,
        connected(bff_url) as first,
        connected(worker_url) as worker,
        listening(worker_url) as heard,
    ):
        assert await worker.fetchval(LEASE, "w")
        for connection in (second, other, first):
            await connection.execute("begin")
            await connection.execute("select pg_current_xact_id()")
            await enter(connection, people["sp1"])
        await emit(first, "leads.first")
        await first.execute("commit")
        await emit(second, "leads.second")
        await second.execute("commit")
        # And what is committed is sent, however long somebody else's transaction takes.
        assert [await worker.fetchval(SEND, "w", 1) for _ in range(3)] == [1, 1, 0]
        await emit(other, "leads.third", key="another")
        await other.execute("commit")
        assert await worker.fetchval(SEND, "w", 1) == 1
        await asyncio.sleep(0.1)
        assert heard.topics == ["leads.first", "leads.second", "leads.third"]


async def test_what_is_rolled_back_is_never_published(bff_url: str, worker_url: str, people: People) -> None:
    async with (
        connected(bff_url) as person,
        connected(worker_url) as worker,
        listening(worker_url) as heard,
    ):
        assert await worker.fetchval(LEASE, "w")
        for end in ("rollback", "commit"):
            await person.execute("begin")
            await enter(person, people["sp1"])
            await emit(person, f"leads.{end}")
            await person.execute(end)
        assert await worker.fetchval(SEND, "w", 10) == 1
        await asyncio.sleep(0.1)
        assert heard.topics == ["leads.commit"]


async def test_a_dispatcher_killed_before_its_commit_loses_nothing_and_doubles_nothing(
    database: str, bff_url: str, worker_url: str, people: People
) -> None:
    async with (
        connected(bff_url) as person,
        connected(database) as admin,
        connected(worker_url) as second,
        listening(worker_url) as heard,
    ):
        async with person.transaction():
            await enter(person, people["sp1"])
            for number in range(3):
                await emit(person, f"leads.event_{number}")
        first = await asyncpg.connect(worker_url)
        assert await first.fetchval(LEASE, "first")
        await first.execute("begin")
        assert await first.fetchval(SEND, "first", 10) == 3
        # While it works, nobody takes over, even when its lease has expired meanwhile.
        await admin.execute("set statement_timeout = '0.3s'")
        with pytest.raises(asyncpg.QueryCanceledError):
            await admin.execute("update app.leases set expires_at = '-infinity'")
        await admin.execute("select pg_terminate_backend($1, 5000)", first.get_server_pid())
        first.terminate()

        assert not await second.fetchval(LEASE, "second"), "the lease is still the first one's"
        await admin.execute("update app.leases set expires_at = '-infinity'")
        assert await second.fetchval(LEASE, "second")
        assert await second.fetchval(SEND, "second", 10) == 3
        assert await second.fetchval(SEND, "second", 10) == 0
        await asyncio.sleep(0.1)
        assert heard.topics == [f"leads.event_{number}" for number in range(3)]


async def test_an_import_of_thousands_is_one_notification_for_each_organisation(
    bff_url: str, worker_url: str, people: People
) -> None:
    async with (
        connected(bff_url) as person,
        connected(worker_url) as worker,
        listening(worker_url) as heard,
    ):
        assert await worker.fetchval(LEASE, "w")
        for who in ("mm", "mm@beta"):
            async with person.transaction():
                await enter(person, people[who])
                await person.execute(
                    "select app.emit('leads.created', array(select n::text from generate_series(1, 2000) n),"
                    " array['leads', 'customers'])"
                )
        assert await worker.fetchval(SEND, "w", 5000) == 4000
        await asyncio.sleep(0.1)
        assert [(event["count"], event["tags"]) for event in heard.events] == [
            (2000, ["leads", "customers"])
        ] * 2
        assert [event["org_id"] for event in heard.events] == [
            str(people["mm"].org_id),
            str(people["mm@beta"].org_id),
        ]


@contextmanager
def running(worker_url: str, folder: Path, log: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`pgcrm jobs run` in a process of its own, killed at the end if it still lives."""
    ours = ("PG", "DATABASE_", "SUPABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {
        "DATABASE_WORKER_URL": worker_url,
        "PGCRM_HOME": str(folder / "home"),
        "PYTHONPATH": str(REPOSITORY),
    }
    with (folder / log).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from db.cli import app; app()", "jobs", "run"],
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


async def test_eight_emitters_and_a_runner_that_is_killed(
    database: str, bff_url: str, worker_url: str, people: People, tmp_path: Path
) -> None:
    """Every committed event is heard once and in the order of its key, whoever was killed when."""
    written = dict.fromkeys(range(4), 0)
    done = asyncio.Event()

    async def emitter(number: int) -> None:
        """Does as mutations do: the key's lock, then the event, then more work; a third is rolled back."""
        chance = random.Random(number)
        person = people["sp1" if number % 2 else "sp1@beta"]
        async with connected(bff_url) as connection:
            while not done.is_set():
                key = chance.randrange(len(written))
                await connection.execute("begin")
                if chance.random() < 0.5:  # an xid that is older than the event
                    await connection.execute("select pg_current_xact_id()")
                    await asyncio.sleep(chance.uniform(0, 0.01))
                await connection.execute(f"select pg_advisory_xact_lock({key})")
                await enter(connection, person)
                if chance.random() < 0.3:
                    await emit(connection, f"leads.rolled_back_{key}", str(key))
                    await connection.execute("rollback")
                    continue
                await emit(connection, f"leads.key_{key}_{written[key] + 1}", str(key))
                await asyncio.sleep(chance.uniform(0, 0.004))
                written[key] += 1  # before the commit: with it the lock goes
                await connection.execute("commit")

    async with connected(database) as admin:

        async def holder() -> str | None:
            return await admin.fetchval(
                "select split_part(holder, ':', 2) from app.leases"
                " where name = 'dispatcher' and expires_at > clock_timestamp()"
            )

        async def conduct() -> None:
            try:
                with (
                    running(worker_url, tmp_path, "1") as first,
                    running(worker_url, tmp_path, "2") as second,
                ):
                    both = {str(process.pid): process for process in (first, second)}

                    async def somebody_works() -> bool:
                        return await holder() in both

                    assert await eventually(somebody_works)
                    await asyncio.sleep(1)
                    killed = both.pop(str(await holder()))
                    killed.send_signal(signal.SIGKILL)
                    assert await eventually(somebody_works, 30), "nobody took over"
                    await asyncio.sleep(1)
                    done.set()

                    async def all_is_sent() -> bool:
                        return not await admin.fetchval(
                            "select exists (select from app.outbox where sent_at is null)"
                        )

                    await asyncio.sleep(0.5)
                    assert await eventually(all_is_sent)
                    (left,) = both.values()
                    left.send_signal(signal.SIGTERM)
                    assert await asyncio.to_thread(left.wait, 10) == 0, "it ends when asked to"
                    assert await holder() is None, "and gives its lease back"
            finally:
                done.set()

        async with listening(worker_url) as heard:
            await at_once(conduct(), *(emitter(number) for number in range(8)))
            await asyncio.sleep(0.2)
        committed = await admin.fetchval("select count(*) from app.outbox")
    assert sum(written.values()) == committed > 100
    for key, count in written.items():
        mine = [topic for topic in heard.topics if topic.startswith(f"leads.key_{key}_")]
        assert mine == [f"leads.key_{key}_{number}" for number in range(1, count + 1)]
    assert len(heard.events) == committed
    assert {event["count"] for event in heard.events} == {1}


async def test_a_lease_goes_from_one_to_the_next_without_a_pause_when_it_is_given_back(
    worker_url: str,
) -> None:
    async with connected(worker_url) as one, connected(worker_url) as two:
        assert await one.fetchval("select app.take_lease('jobs', 'one')")
        assert not await two.fetchval("select app.take_lease('jobs', 'two')")
        assert await one.fetchval("select app.release_lease('jobs', 'one')")
        assert await two.fetchval("select app.take_lease('jobs', 'two')")


async def test_of_many_who_want_a_lease_at_once_one_gets_it(worker_url: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        wanting = [await stack.enter_async_context(connected(worker_url)) for _ in range(8)]
        got = await at_once(
            *(
                c.fetchval("select app.take_lease('jobs', $1)", str(number))
                for number, c in enumerate(wanting)
            )
        )
    assert sorted(got) == [False] * 7 + [True]
