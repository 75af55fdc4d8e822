"""The reaper: a small process that stops the server when nobody uses it any more.

Whoever uses the server holds a shared lock on two files (lease.py). The kernel drops a lock when its holder
ends, also by kill -9. So the reaper waits for one of them, exclusively; when it gets it, the server goes.
Should the reaper itself be killed, the next start or stop finds the server and deals with it.
"""

import os
import signal
import sys
from pathlib import Path

from db.server import process
from db.server.locks import FileLock, is_locked, locked


def main(lock: Path, users: Path, bell_path: Path, reaper_lock: Path, data: Path) -> None:
    duty = FileLock(reaper_lock)
    if not duty.try_acquire():
        return
    # Leave the starter: its terminal, its process group, its output. The lock on `duty` goes along.
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_IGN)

    bell = FileLock(bell_path)
    while True:
        bell.acquire()
        bell.release()  # never hold it while waiting for `lock`: a starter takes the two in the other order
        with locked(lock):
            if not is_locked(users):
                server = process.postmaster(data)
                if server:
                    process.end(server)
                duty.close()  # before `lock` goes: the next starter must find the post vacant, or well manned
                return


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
