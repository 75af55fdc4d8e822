"""The running product as the demo meets it: the process that serves HTTP, front ends, psql."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from psycopg.conninfo import conninfo_to_dict

from db.cli.service import PARENT, serving_in
from db.demo.content import LOG_INS, ORGANIZATIONS, LogIn
from db.server.binaries import embedded_bin_dir
from db.settings import Settings

START_SECONDS = 120


class DemoFailed(Exception):  # noqa: N818 - says what happened
    """Something did not go as it must, so that going on makes no sense. The message is for people."""


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The URL of `pgcrm serve` on this folder: the one that runs, or one of our own on a free port.

    Ours ends with the block, and with this process however that ends. Raises DemoFailed.
    """
    if (running := serving_in(settings.home)) and running.url:
        yield running.url
        return
    options = ("--host", "127.0.0.1", "--port", "0", "--workers", "1")
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-c", "from db.cli import app; app()", "serve", *options],
            env={**os.environ, PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _url(process, settings.home, log.fileno())
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _url(process: "subprocess.Popen[bytes]", home: Path, log: int) -> str:
    """Where the process serves, once it answers. Raises DemoFailed with the end of its log."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        serving = serving_in(home)
        if serving and serving.pid == process.pid and serving.url:
            try:
                if httpx.get(f"{serving.url}/readyz").is_success:
                    return serving.url
            except httpx.TransportError:
                pass  # it listens, and does not answer yet
        time.sleep(0.05)
    size = os.fstat(log).st_size
    end = os.pread(log, 4000, max(0, size - 4000)).decode(errors="replace")
    raise DemoFailed(f"pgcrm did not start:\n{end}")


def log_in_of(email: str) -> LogIn:
    """The demo's log-in with this e-mail."""
    people = (*LOG_INS, *(person for organization in ORGANIZATIONS for person in organization.people))
    return next(person for person in people if person.email == email)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    replayed: bool
    """Whether it is the answer to an earlier request with the same Idempotency-Key."""


class FrontEnd:
    """A front end with somebody logged in."""

    def __init__(self, url: str, email: str) -> None:
        """Log in. Raises DemoFailed."""
        person = log_in_of(email)
        self.email = email
        self._client = httpx.Client(base_url=url, timeout=120)
        try:
            credentials = {"email": person.email, "password": person.password}
            tokens = self.ask("POST", "/api/auth/login", json=credentials).body
            self._client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
            self.user_id: str = self.ask("GET", "/api/auth/me").body["user_id"]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._client.close()

    def ask(self, method: str, path: str, *, refused: tuple[int, ...] = (), **options: Any) -> Answer:
        """A request's answer. Raises DemoFailed unless it is a success or one of the statuses `refused`."""
        try:
            response = self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise DemoFailed(f"{method} {path}: {error!r}") from None
        if not response.is_success and response.status_code not in refused:
            raise DemoFailed(f"{method} {path} was answered {response.status_code}:\n{response.text[:2000]}")
        return Answer(
            response.status_code, response.json(), response.headers.get("Idempotency-Replayed") == "true"
        )

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """The items of all pages of a list."""
        cursor: dict[str, str] = {}
        while True:
            page = self.ask("GET", path, params={**query, **cursor, "limit": "100"}).body
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}


def psql(url: str, statements: str) -> list[list[str]]:
    """What psql prints for `statements` over that connection, cut into cells. Raises DemoFailed."""
    program = shutil.which("psql") or str(embedded_bin_dir() / "psql")
    target = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    # Everybody can read a command line, so the password takes another way.
    environment = {**os.environ, "PGPASSWORD": target.pop("password")}
    conninfo = " ".join(f"{key}='{value}'" for key, value in target.items())
    done = subprocess.run(
        [program, conninfo, "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statements],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DemoFailed(f"psql: {done.stderr}")
    return [line.split("\t") for line in done.stdout.splitlines()]
