"""Locks between processes: `flock`, because the kernel gives it back when a process dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.server.errors import ServerError

_LOOK = 0.05
"""Seconds. Who looks whether a lock is held takes it, for microseconds; that must not count as holding it."""


class FileLock:
    """A lock on a file of its own. Two objects exclude each other, in one process as between processes.

    Not re-entrant. The descriptor is not inherited by child processes that exec.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError:
            raise ServerError(
                f"{path.parent} belongs to another user of this machine. "
                "Work as that user, or choose another folder with PGCRM_HOME."
            ) from None

    def acquire(self, *, shared: bool = False) -> None:
        """Wait for the lock, as long as it takes."""
        fcntl.flock(self._fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_acquire(self) -> bool:
        """Take the lock if it is free, not minding those who only look (`is_locked`) at that moment."""
        deadline = time.monotonic() + _LOOK
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(_LOOK / 10)
            else:
                return True

    def release(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give everything back; the object is of no use afterwards. May be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the exclusive lock on `path` for a while, waiting for it first."""
    lock = FileLock(path)
    try:
        lock.acquire()
        yield
    finally:
        lock.close()


def is_locked(path: Path) -> bool:
    """Whether somebody holds a lock on `path`, and not just looks at it as we do."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_acquire()
    finally:
        lock.close()


def wait_until_free(path: Path, *, seconds: float) -> bool:
    """Wait until nobody holds `path`. False: somebody still does after `seconds`."""
    deadline = time.monotonic() + seconds
    while is_locked(path):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
