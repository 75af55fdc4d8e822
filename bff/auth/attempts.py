"""How many log-ins one process works on at a time.

Each costs 46 MiB and most of a core for a moment, so few run at once and a bounded number waits. Attempts on
one account go one after the other: an attempt counts as failed until it is proven, and people who log in
twice at the same moment must not lock themselves out. The limit on guesses itself is the database's.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bff.problems import Problem

AT_ONCE = min(4, os.cpu_count() or 1)
WAITING = 200


class AttemptQueue:
    """The line in front of password comparisons of one process."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._accounts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting = 0

    @asynccontextmanager
    async def turn(self, account: str) -> AsyncIterator[None]:
        """Wait for this account's turn. Raises Problem 429 `auth.busy` when the line is full."""
        if self._waiting >= WAITING:
            raise Problem(
                429, "auth.busy", "Too many people are logging in. Try again.", headers={"Retry-After": "2"}
            )
        # Somebody has to hold the lock while it is waited for: the dictionary does not.
        lock = self._accounts.setdefault(account, asyncio.Lock())
        self._waiting += 1
        try:
            await lock.acquire()
            try:
                await self._slots.acquire()
            except BaseException:
                lock.release()
                raise
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()
            lock.release()
