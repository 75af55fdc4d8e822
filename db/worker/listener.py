"""Hears what the dispatcher publishes: one listening connection for a process, however many its clients."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from db.worker.connecting import TROUBLE, connected, stopped_within

PULSE = 10.0
"""Seconds between two looks whether the connection still lives: a dead one says nothing by itself."""
LONGEST_PAUSE = 5.0

logger = logging.getLogger("pgcrm.events")


class Listener:
    """Calls `heard` with each notification: JSON as app.dispatch_outbox makes it.

    `missed` is called whenever listening begins (again): what happened before was not heard. Both are called
    in the event loop and must not raise.
    """

    def __init__(self, url: str, heard: Callable[[str], None], missed: Callable[[], None]) -> None:
        self._url = url
        self._heard = heard
        self._missed = missed
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Make `run` return soon."""
        self._stop.set()

    async def run(self) -> None:
        """Listen until stopped; a connection that is lost is made again, after growing pauses."""
        pause = 0.2
        while not self._stop.is_set():
            try:
                async with connected(self._url, "listener") as connection:
                    channel = await connection.fetchval("select app.event_channel()")
                    await connection.add_listener(channel, self._on_notification)
                    pause = 0.2
                    self._missed()
                    await self._stay(connection)
            except TROUBLE as error:
                logger.warning("not listening for events: %s: %s", type(error).__name__, error)
            await stopped_within(self._stop, pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stay(self, connection: asyncpg.Connection) -> None:
        """Return when stopped. Raises TROUBLE when the connection is lost."""
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        stopping = asyncio.create_task(self._stop.wait())
        losing = asyncio.create_task(lost.wait())
        try:
            while not self._stop.is_set():
                await asyncio.wait((stopping, losing), timeout=PULSE, return_when=asyncio.FIRST_COMPLETED)
                if lost.is_set():
                    raise ConnectionError("the server closed the connection")
                if not self._stop.is_set():
                    await connection.execute("select", timeout=5)
        finally:
            stopping.cancel()
            losing.cancel()

    def _on_notification(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        self._heard(str(payload))
