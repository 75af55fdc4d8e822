"""The loop that sends events and runs jobs. Any number of processes run it: leases let one work at a time."""

import asyncio
import json
import logging
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from db.worker.connecting import TROUBLE, connected, stopped_within

LEASE_SECONDS = 10
"""How long a lease outlives a holder that was killed."""
RENEW_SECONDS = 3.0
STANDBY_SECONDS = 2.0
"""How often somebody without the lease asks for it."""
POLL_EVENTS = 0.25
POLL_JOBS = 2.0
LONGEST_PAUSE = 10.0

DISPATCHER = "dispatcher"
JOBS = "jobs"
LOST = "PT409"
"""SQLSTATE of a function that needs a lease which somebody else has by now."""

logger = logging.getLogger("pgcrm.jobs")


@dataclass(frozen=True)
class Work:
    """A slice of a job that was done, or failed with `error`."""

    name: str
    done: int
    """Rows of a scheduled job, chunks of queued work."""
    more: bool
    error: str | None = None


class Runner:
    """Sends events and runs jobs over `url`, the log-in pgcrm_worker's.

    `tell` hears of each slice of work. What fails is on record in the database and tried again there; what
    happens to the connection is mended here.
    """

    def __init__(self, url: str, tell: Callable[[Work], None] = lambda work: None) -> None:
        self._url = url
        self._tell = tell
        self._stop = asyncio.Event()
        self.holder = f"{socket.gethostname()[:100]}:{os.getpid()}:{secrets.token_hex(4)}"

    def stop(self) -> None:
        """Make `run` return after the slice of work that is being done, at most a second or two."""
        self._stop.set()

    async def run(self) -> None:
        """Work until stopped. On two connections: a long job does not keep events waiting."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep(DISPATCHER, self._dispatch))
            group.create_task(self._keep(JOBS, self._run_jobs))

    async def run_once(self) -> tuple[int, list[str]]:
        """Send what waits, do what is due, and return: how many events were sent, and the leases that
        somebody else has, whose work was therefore left to them. Raises TROUBLE."""
        sent, held = 0, []
        async with connected(self._url, "jobs") as connection:
            for lease in (DISPATCHER, JOBS):
                if not await self._take(connection, lease):
                    held.append(lease)
                    continue
                try:
                    if lease == DISPATCHER:
                        while (batch := await self._send(connection)) and not self._stop.is_set():
                            sent += batch
                            await self._take(connection, lease)
                    else:
                        while await self._work(connection) and not self._stop.is_set():
                            await self._take(connection, lease)
                finally:
                    await self._release(connection, lease)
        return sent, held

    async def _keep(self, lease: str, work: Callable[[asyncpg.Connection], Awaitable[None]]) -> None:
        """Work under a lease whenever we get it. No connection is kept by somebody who only waits."""
        pause = STANDBY_SECONDS
        while not self._stop.is_set():
            try:
                async with connected(self._url, lease) as connection:
                    if await self._take(connection, lease):
                        try:
                            await work(connection)
                        finally:
                            await self._release(connection, lease)
                pause = STANDBY_SECONDS
            except TROUBLE as error:
                logger.warning("%s: %s: %s", lease, type(error).__name__, error)
                pause = min(pause * 2, LONGEST_PAUSE)
            await stopped_within(self._stop, pause)

    async def _dispatch(self, connection: asyncpg.Connection) -> None:
        """Send events until stopped or until somebody else has the lease."""
        renewed = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() - renewed > RENEW_SECONDS:
                if not await self._take(connection, DISPATCHER):
                    return
                renewed = time.monotonic()
            asked = time.monotonic()
            if not await self._send(connection):
                # While something old is still looked at, what was sent cannot be cleared away and asking gets
                # slower: never spend more than a small part of the server on it.
                await stopped_within(self._stop, max(POLL_EVENTS, 10 * (time.monotonic() - asked)))

    async def _run_jobs(self, connection: asyncpg.Connection) -> None:
        """Do what is due until stopped or until somebody else has the lease."""
        while not self._stop.is_set():
            if not await self._take(connection, JOBS):
                return
            if not await self._work(connection):
                await stopped_within(self._stop, POLL_JOBS)

    async def _send(self, connection: asyncpg.Connection) -> int:
        return int(await connection.fetchval("select app.dispatch_outbox($1)", self.holder))

    async def _work(self, connection: asyncpg.Connection) -> bool:
        """Do a slice of what is due longest; False: nothing is due. Each statement is a transaction: that it
        was begun is on record when it fails, or when we are killed at it."""
        begun = await self._call(connection, "select app.begin_job($1)::text", self.holder)
        if begun is None:
            return False
        try:
            done = await self._call(connection, "select app.work_job($1)::text", self.holder)
        except (asyncpg.PostgresError, TimeoutError) as error:
            state = getattr(error, "sqlstate", None) or "no answer"
            if connection.is_closed() or state == LOST:
                raise
            message = f"{state} {error}"
            logger.warning("job %s failed: %s", begun["name"], message)
            await connection.execute("select app.fail_job($1, $2)", self.holder, message)
            self._tell(Work(begun["name"], 0, False, message))
        else:
            assert done is not None  # it was begun under a lease that we still have
            self._tell(Work(begun["name"], done["done"], done["more"]))
        return True

    async def _take(self, connection: asyncpg.Connection, lease: str) -> bool:
        return bool(
            await connection.fetchval("select app.take_lease($1, $2, $3)", lease, self.holder, LEASE_SECONDS)
        )

    async def _release(self, connection: asyncpg.Connection, lease: str) -> None:
        """Let the next one begin at once. Without a connection the lease ends by itself."""
        try:
            await connection.execute("select app.release_lease($1, $2)", lease, self.holder, timeout=2)
        except TROUBLE as error:
            logger.debug("lease %s was not released: %s", lease, error)

    @staticmethod
    async def _call(connection: asyncpg.Connection, query: str, *args: Any) -> dict[str, Any] | None:
        answer = await connection.fetchval(query, *args)
        return json.loads(answer) if answer else None
