"""One request, one transaction: the pool of connections, and the only way through it.

All work runs between ``begin; app.enter(person); set local role authenticated`` and ``commit``. Every piece
of state is local to the transaction, so a pooled connection carries neither identity nor open work into the
next request; that is also why the pool needs no reset query and a transaction pooler may stand in between.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg

T = TypeVar("T")

RETRIES = 4
"""How often a transaction is repeated after a serialization failure or a deadlock."""

LOST_RACES = frozenset({"customers_npwp_key"})
"""Unique rules that creating functions have looked at first, under a lock. To violate one all the same is to
have lost a race with somebody who typed the number into a customer: a repetition finds that customer."""

logger = logging.getLogger("pgcrm.database")


class DatabaseUnavailable(Exception):  # noqa: N818 - says what happened
    """The database cannot be reached, or had no free connection in time. Nothing was done."""


class OutcomeUnknown(Exception):  # noqa: N818 - says what happened
    """The connection was lost while a change was being committed: it may or may not have happened."""


class Connection(Protocol):
    """What work may do with its connection. Statements never contain user input: values are arguments."""

    async def fetch(self, query: str, *args: Any) -> list[Any]: ...
    async def fetchrow(self, query: str, *args: Any) -> Any: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...
    async def execute(self, query: str) -> str: ...
    def cursor(self, query: str, *args: Any, timeout: float | None = None) -> Any: ...


class Database:
    """A pool of connections of the BFF's log-in to one server (the primary, or a replica for reads).

    `statement_cache_size` must be 0 behind a pooler in transaction mode. `statement_timeout` and
    `acquire_timeout` are seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int,
        statement_cache_size: int = 100,
        statement_timeout: float = 8.0,
        acquire_timeout: float = 5.0,
    ) -> None:
        self._url = url
        self._pool_size = pool_size
        self._statement_cache_size = statement_cache_size
        self._statement_timeout_ms = int(statement_timeout * 1000)
        self._acquire_timeout = acquire_timeout
        self._pool: asyncpg.Pool | None = None
        self.waiting = 0
        """Requests that are waiting for a connection at this moment."""

    async def open(self) -> None:
        """Make the pool. A database that is down is no error here: requests answer 503 until it is back."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._pool_size,
            statement_cache_size=self._statement_cache_size,
            # A client that hangs longer than the server's own limit has lost its server.
            command_timeout=self._statement_timeout_ms / 1000 + 2,
            timeout=self._acquire_timeout,
            reset=_no_reset,
        )

    async def close(self) -> None:
        """Wait shortly for running requests, then close every connection."""
        if self._pool is None:
            return
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except TimeoutError:
            self._pool.terminate()

    @property
    def size(self) -> int:
        """Open connections."""
        return self._pool.get_size() if self._pool else 0

    @property
    def idle(self) -> int:
        """Open connections that nobody uses at this moment."""
        return self._pool.get_idle_size() if self._pool else 0

    async def run(
        self,
        sub: UUID,
        context: Mapping[str, str],
        work: Callable[[Connection], Awaitable[T]],
        *,
        read_only: bool = False,
    ) -> T:
        """The result of `work`, done as `sub` in one transaction; repeated as a whole where that is safe.

        Serialization failures and deadlocks are tried again up to `RETRIES` times with jitter, a lost race
        (`LOST_RACES`) or a plan that a migration made invalid once, a connection that was dead before
        anything was done on another. Raises
        what the work raised, DatabaseUnavailable or OutcomeUnknown.
        """

        async def attempt() -> T:
            async with self.request(sub, context, read_only=read_only) as connection:
                return await work(connection)

        return await _repeated(attempt, self._pool_size)

    async def as_gateway(self, query: str, *args: Any) -> Any:
        """The first value of a statement's first row, with nobody entered: for log-in and its like alone.

        The statement is a transaction of its own. Repeats and raises as `run` does.
        """

        async def attempt() -> Any:
            connection = await self._acquire()
            try:
                return await connection.fetchval(query, *args)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                if _is_closed(connection):
                    raise OutcomeUnknown("The connection was lost.") from error
                raise
            except asyncpg.OutdatedSchemaCacheError:
                raise
            except asyncpg.InternalClientError as error:
                _terminate(connection)
                raise _StaleConnection("The server had closed the connection.") from error
            finally:
                await self._release(connection)

        return await _repeated(attempt, self._pool_size)

    @asynccontextmanager
    async def request(
        self, sub: UUID, context: Mapping[str, str], *, read_only: bool = False
    ) -> AsyncIterator[Connection]:
        """A connection in a transaction that has entered as `sub`: committed at the end, else rolled back.

        `context` is what app.enter takes: idempotency_key, request_id, ip, user_agent, never identity. Raises
        asyncpg.PostgresError with hint auth.unknown_user for a person who is not active here.
        """
        connection = await self._acquire()
        try:
            try:
                await connection.execute(self._entry(sub, context, read_only))
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                if _is_closed(connection):
                    raise _StaleConnection("The connection was closed before the request began.") from error
                raise
            except asyncpg.InternalClientError as error:
                # The server's good-bye arrived while nobody used the connection.
                raise _StaleConnection("The server had closed the connection.") from error
            try:
                yield connection
            except (asyncpg.InterfaceError, asyncpg.PostgresError, OSError) as error:
                if _is_closed(connection):
                    raise DatabaseUnavailable("The connection was lost; nothing was changed.") from error
                raise
            await _commit(connection, read_only)
        except BaseException:
            await _abandon(connection)
            raise
        finally:
            await self._release(connection)

    async def missing_functions(self, names: Sequence[str]) -> list[str]:
        """Those of the named functions of schema `api` that do not exist. Raises DatabaseUnavailable."""
        connection = await self._acquire()
        try:
            rows = await connection.fetch(
                "select wanted from unnest($1::text[]) as wanted where not exists ("
                " select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace"
                " where n.nspname = 'api' and p.proname = wanted)",
                list(names),
            )
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            raise DatabaseUnavailable("The database does not answer.") from error
        finally:
            await self._release(connection)
        return [row[0] for row in rows]

    def _entry(self, sub: UUID, context: Mapping[str, str], read_only: bool) -> str:
        """The opening batch, one round trip. User input is in it as hexadecimal digits, never as text."""
        details = json.dumps(dict(context), ensure_ascii=False).encode().hex()
        return (
            f"begin{' read only' if read_only else ''};"
            f"set local statement_timeout = {self._statement_timeout_ms};"
            f"select app.enter('{sub.hex}', convert_from(decode('{details}', 'hex'), 'utf8')::jsonb);"
            "set local role authenticated"
        )

    async def _acquire(self) -> asyncpg.pool.PoolConnectionProxy:
        if self._pool is None:
            raise DatabaseUnavailable("The pool is not open.")
        self.waiting += 1
        try:
            return await self._pool.acquire(timeout=self._acquire_timeout)
        except TimeoutError as error:
            raise DatabaseUnavailable("No connection became free in time.") from error
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DatabaseUnavailable("The database cannot be reached.") from error
        finally:
            self.waiting -= 1

    async def _release(self, connection: asyncpg.pool.PoolConnectionProxy) -> None:
        assert self._pool is not None  # it gave us the connection
        await self._pool.release(connection)


class _StaleConnection(DatabaseUnavailable):
    """A pooled connection turned out to be dead at the first round trip, before anything was done."""


async def _repeated(attempt: Callable[[], Awaitable[T]], pool_size: int) -> T:
    """The result of `attempt`, tried again where nothing can have been done and another try may succeed."""
    conflicts = stale = 0
    replanned = raced = False
    while True:
        try:
            return await attempt()
        except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
            if conflicts == RETRIES:
                raise
            await asyncio.sleep(random.uniform(0, 0.02 * 2**conflicts))  # noqa: S311 - jitter
            conflicts += 1
        except asyncpg.UniqueViolationError as error:
            if raced or error.constraint_name not in LOST_RACES:
                raise
            raced = True
        except (asyncpg.InvalidCachedStatementError, asyncpg.OutdatedSchemaCacheError):
            if replanned:
                raise
            replanned = True
        except _StaleConnection:
            # After a restart of the server every pooled connection is dead.
            if stale == pool_size:
                raise
            stale += 1


async def _no_reset(_: object) -> None:
    """Nothing to reset: no state outlives a transaction here."""


async def _commit(connection: asyncpg.pool.PoolConnectionProxy, read_only: bool) -> None:
    try:
        done = await connection.execute("commit")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        if not _is_closed(connection) and not isinstance(error, TimeoutError):
            raise
        if read_only:
            raise DatabaseUnavailable("The connection was lost.") from error
        raise OutcomeUnknown("The connection was lost while the change was being committed.") from error
    if done != "COMMIT":
        # Postgres answers ROLLBACK when a statement failed and the work went on as if it had not.
        raise RuntimeError("the work hid the failure of one of its statements")


async def _abandon(connection: asyncpg.pool.PoolConnectionProxy) -> None:
    """Roll back, whatever state the connection is in; one that cannot is closed instead of pooled again.

    After a cancelled query asyncpg first waits until the server has confirmed the cancellation.
    """
    if _is_closed(connection):
        return
    try:
        await connection.execute("rollback", timeout=2)
    except BaseException as error:
        _terminate(connection)
        if not isinstance(error, Exception):
            raise
        logger.warning("a connection could not be rolled back and was closed: %s", type(error).__name__)


def _is_closed(connection: asyncpg.pool.PoolConnectionProxy) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # it was lost, and the pool has taken it back already
        return True


def _terminate(connection: asyncpg.pool.PoolConnectionProxy) -> None:
    if not _is_closed(connection):
        connection.terminate()
