"""Connections of the worker's log-in: few, long-lived, straight to the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""What goes wrong when the database does: tried again after a pause."""


@asynccontextmanager
async def connected(url: str, purpose: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to `url` while the block runs, closed at its end whatever its state. Raises TROUBLE.

    It must not lead through a pooler in transaction mode: that forgets who listens. PgBouncer refuses the
    settings, so that the mistake is seen.
    """
    connection = await asyncpg.connect(
        url,
        timeout=5,
        command_timeout=35,
        server_settings={"application_name": f"pgcrm {purpose}", "statement_timeout": "30s"},
    )
    try:
        yield connection
    finally:
        try:
            await asyncio.wait_for(connection.close(), timeout=2)
        except TROUBLE:
            connection.terminate()


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until `stop` is set; whether it is."""
    try:
        await asyncio.wait_for(stop.wait(), timeout=seconds)
    except TimeoutError:
        return False
    return True
