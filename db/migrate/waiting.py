"""Locks: give up soon, so that nobody queues behind us; say who is in the way; try again."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

from db.migrate.errors import MigrateError
from db.migrate.script import ScriptError
from db.migrate.stages import Kind

Log = Callable[[str], None]
T = TypeVar("T")

REBUILD_LOCK_TIMEOUT = "2s"
POLICY_LOCK_TIMEOUT = "200ms"
"""Readers queue behind a waiting `create policy` for as long as this, so it stays far below a second."""

_BUSY = frozenset({"55P03", "40P01", "40001"})  # lock_not_available, deadlock_detected, serialization_failure
_RACE = frozenset({"42710", "23505"})  # two databases of a cluster making the same role
_LONGEST_PAUSE = 5.0
_POLL = 0.1

_WHO_BLOCKS = """
    select a.pid, coalesce(a.usename, a.backend_type), a.application_name, a.state,
        date_trunc('second', now() - a.xact_start), regexp_replace(left(a.query, 100), '\\s+', ' ', 'g')
    from pg_stat_activity as mine
    cross join lateral unnest(pg_blocking_pids(mine.pid)) as blocker (pid)
    join pg_stat_activity as a on a.pid = blocker.pid
    where mine.application_name = %s and mine.wait_event_type = 'Lock'
        and a.application_name <> mine.application_name
"""


def patiently(attempt: Callable[[], T], *, what: str, log: Log, patience: float) -> T:
    """Calls ``attempt`` until it is not in anybody's way any more, for ``patience`` seconds, pausing ever
    longer.

    Raises MigrateError when the time is up; any other error at once."""
    deadline = time.monotonic() + patience
    pause = 0.1
    while True:
        try:
            return attempt()
        except (psycopg.Error, DBAPIError, ScriptError) as error:
            if not _passes(error):
                raise
            if time.monotonic() + pause > deadline:
                raise MigrateError(f"{what}: gave up after {patience:.0f} s: {error}") from error
        log(f"{what}: others hold the locks, trying again in {pause:.1f} s")
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter


def _passes(error: psycopg.Error | DBAPIError | ScriptError) -> bool:
    """Whether the same attempt may succeed later."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    if state in _BUSY or (state == "XX000" and "concurrently" in str(error)):
        return True
    return state in _RACE and not (isinstance(error, ScriptError) and error.file.kind is not Kind.ADMIN)


@contextmanager
def saying_who_blocks(admin_url: str, application_name: str, log: Log) -> Iterator[None]:
    """While the block runs, logs each backend that a connection of this application name waits for, once."""
    done = threading.Event()

    def watch() -> None:
        told: set[tuple[Any, ...]] = set()
        # one who cannot look is no reason to stop
        with suppress(psycopg.Error), psycopg.connect(admin_url, autocommit=True) as connection:
            while not done.wait(_POLL):
                blockers = connection.execute(_WHO_BLOCKS, [application_name]).fetchall()
                for pid, who, program, state, since, query in blockers:
                    if (pid, query) not in told:
                        told.add((pid, query))
                        about = f"{who} {program} ({state}, transaction of {since})"
                        log(f"waiting for process {pid}: {about}: {query}")

    watcher = threading.Thread(target=watch, name="saying who blocks", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
