"""A BFF as users have it: a process of its own, reached over real HTTP."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds a server may take to answer for the first time."""


@contextmanager
def serving(database_url: str, home: Path, **settings: str) -> Iterator[str]:
    """`pgcrm serve` over a database, as the log-in in `database_url`; yields its base URL.

    `home`: PGCRM_HOME, made if missing. `settings`: more environment variables.
    """
    home.mkdir(parents=True, exist_ok=True)
    process = begun(home, DATABASE_URL=database_url, **settings)
    try:
        yield ready(process, home)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def begun(home: Path, **settings: str) -> "subprocess.Popen[bytes]":
    """`pgcrm serve` on a free port, in a folder that is there; with a Postgres of its own, unless told."""
    # Nothing that whoever runs the tests has set may count, and no `.env` of theirs: hence another folder.
    ours = ("PG", "DATABASE_", "SUPABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PGCRM_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    with (home / "serve.log").open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-c", "from db.cli import app; app()", "serve", "--port", "0"],
            env=environment | settings,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def ready(process: "subprocess.Popen[bytes]", home: Path) -> str:
    """The URL, once the server answers there."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        url = _announced(home / "serve.json", process.pid)
        try:
            if url and httpx.get(f"{url}/readyz").status_code == 200:
                return url
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"The server did not start:\n{(home / 'serve.log').read_text()}")


def _announced(file: Path, pid: int) -> str:
    try:
        said = json.loads(file.read_text())
    except (OSError, ValueError):
        return ""
    return str(said["url"]) if said["pid"] == pid else ""
