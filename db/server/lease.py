"""Being one of those who use the server."""

from db.server.locks import FileLock
from db.server.places import Places


class Lease:
    """Two shared locks, held as long as the server is used; the kernel drops them when their holder dies.

    Nobody holding `users` is the fact that counts. `bell` is there to wake the reaper: it would be wrong to
    decide by the lock that the reaper itself grabs for a moment when it wakes.
    """

    def __init__(self, places: Places) -> None:
        """Wait for both. The caller holds `places.lock`."""
        self._users, self._bell = FileLock(places.users), FileLock(places.bell)
        self._users.acquire(shared=True)
        self._bell.acquire(shared=True)

    def close(self) -> None:
        self._users.close()
        self._bell.close()
