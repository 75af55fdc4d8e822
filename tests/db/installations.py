"""Installations that tests make for themselves, and what is alive because of them."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from db.server import Cluster

CHECKOUT = Path(__file__).parents[2]
CONF = {"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"}


@contextmanager
def temporary_home(name: str = "home") -> Iterator[Path]:
    """A folder in reach of any user (pytest's own are private), gone afterwards with all that ran in it."""
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-", dir="/tmp"))
    folder.chmod(0o755)
    home = folder / name
    try:
        yield home
    finally:
        if home.exists():
            Cluster(home).destroy()
        shutil.rmtree(folder)


def processes_of(home: Path) -> list[psutil.Process]:
    """Everything alive that works for this home: postmaster, its children, reaper."""
    data = str(Cluster(home).places.data)
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.cwd() == data or data in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue
    return found


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def nothing_is_left(home: Path) -> bool:
    return eventually(lambda: processes_of(home) == [])
