"""serve, stop, status: the running product."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import psutil
import psycopg
import typer

from db.cli.common import console, say, settings
from db.installation import Installation, embedded_cluster, opened
from db.logins import open_bff_login, open_worker_login
from db.server import Cluster, ServerError
from db.server.binaries import make_folder
from db.server.locks import FileLock, is_locked
from db.server.places import make_home
from db.server.process import is_gone
from db.settings import Settings, SettingsError

if TYPE_CHECKING:
    from starlette.applications import Starlette


PARENT = "PGCRM_SERVE_PARENT"
"""Environment variable by which an HTTP process knows whom to outlive by a second only."""


def register(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(stop)
    app.command()(status)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [PGCRM_HOST, 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.  [PGCRM_PORT, 8000]")] = None,
    workers: Annotated[int | None, typer.Option(help="HTTP processes.  [PGCRM_WORKERS, 1]")] = None,
) -> None:
    """Start everything and serve HTTP until Ctrl-C."""
    chosen = settings(host=host, port=port, workers=workers)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a log file is read while we run
    make_home(chosen.home)
    try:
        with _only_one(chosen.home) as announce, opened(chosen, say) as found:
            _prepare(found)
            with _listening(chosen) as listener:
                url = f"http://{chosen.host}:{listener.getsockname()[1]}"
                announce(url)
                with _kept_alive(found.cluster):
                    _serve_http(chosen, listener, url, _log_ins(found))
    except AlreadyServing as other:
        console.print(str(other), soft_wrap=True)
        return
    except KeyboardInterrupt:
        pass
    say("Stopped.")


def stop() -> None:
    """Stop what runs in this folder: HTTP and the embedded Postgres."""
    chosen = settings()
    if not chosen.home.exists():
        say("Nothing runs here.")
        return
    stopped_http = _stop_serving(chosen.home)
    stopped_postgres = embedded_cluster(chosen).stop_for_all() if chosen.embedded else False
    say("Stopped." if stopped_http or stopped_postgres else "Nothing runs here.")


def status() -> None:
    """Say what runs in this folder. Exit code 3: nothing."""
    chosen = settings()
    serving = serving_in(chosen.home)
    console.print(f"HTTP      running {serving.where}" if serving else "HTTP      not running")
    running = False
    if not chosen.embedded:
        console.print("Postgres  not ours: DATABASE_URL")
    elif chosen.home.exists() and (server := embedded_cluster(chosen).status()).running:
        running = True
        console.print(f"Postgres  running on {server.data} (pid {server.pid})", soft_wrap=True)
    else:
        console.print("Postgres  not running")
    if not serving and not running:
        raise typer.Exit(3)


# One `serve` for each folder


@dataclass(frozen=True)
class Serving:
    pid: int
    url: str
    """Empty while it is being started."""

    @property
    def where(self) -> str:
        return f"on {self.url} (pid {self.pid})" if self.url else f"(just being started, pid {self.pid})"


class AlreadyServing(Exception):  # noqa: N818 - not a fault
    """Another process serves this folder; the message says where."""


def serving_in(home: Path) -> Serving | None:
    """Who serves this folder. The proof is a lock, which dies with its holder; the file only says where."""
    if not is_locked(home / "serve.lock"):
        return None
    try:
        return Serving(**json.loads((home / "serve.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None  # its very first moment


@contextmanager
def _only_one(home: Path) -> "Iterator[Announce]":
    lock = FileLock(home / "serve.lock")
    try:
        if not lock.try_acquire():
            other = serving_in(home)
            raise AlreadyServing(
                f"pgcrm runs already {other.where if other else ''}; `make stop` or `pgcrm stop` ends it."
            )
        announce = Announce(home / "serve.json")
        announce("")
        try:
            yield announce
        finally:
            announce.path.unlink(missing_ok=True)
    finally:
        lock.close()


@dataclass(frozen=True)
class Announce:
    path: Path

    def __call__(self, url: str) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), "url": url}))
        fresh.replace(self.path)


def _stop_serving(home: Path) -> bool:
    serving = serving_in(home)
    if serving is None:
        return False
    try:
        process = psutil.Process(serving.pid)
        family = [process, *process.children(recursive=True)]
        process.terminate()
    except psutil.NoSuchProcess:
        return False
    for member in family:
        if not is_gone(member, seconds=20):
            with suppress(psutil.NoSuchProcess):
                member.kill()
            is_gone(member, seconds=5)
    return True


# The parts of serve


def _prepare(found: Installation) -> None:
    """Bring the database to today's state, seed the demo organisation of a new one, make the buckets."""
    from bff.storage import sync_buckets
    from db.migrate import migrate

    if found.admin_url is None:
        say("DATABASE_ADMIN_URL is not set: the database is used as it is.")
        url = found.url
    else:
        migrate(found.admin_url, log=say)
        url = open_bff_login(found)
        if found.cluster and _is_empty(found.admin_url):
            from db import demo

            say("Seeding the demo organisation ...")
            demo.seed(found.admin_url)
    if url is None:
        raise SettingsError("DATABASE_URL is not set.")
    os.environ["DATABASE_URL"] = url  # for ourselves and for the HTTP processes we start
    if worker_url := open_worker_login(found):
        os.environ["DATABASE_WORKER_URL"] = worker_url
    else:
        say("DATABASE_WORKER_URL is not set: no events are sent and no jobs run from here.")
    asyncio.run(sync_buckets(found.settings))


def _is_empty(admin_url: str) -> bool:
    with psycopg.connect(admin_url) as connection:
        return connection.execute("select from app.organizations limit 1").fetchone() is None


def _log_ins(found: Installation) -> list[str]:
    """Lines about the demo log-ins, where the demo organisation is."""
    if found.cluster is None or found.admin_url is None:
        return []
    from db import demo

    with psycopg.connect(found.admin_url) as connection:
        known = {row[0] for row in connection.execute("select email from app.profiles").fetchall()}
    there = [login for login in demo.LOG_INS if login.email in known]
    return [f"  {login.email:<36}  {login.password:<10}  {login.role}" for login in there]


@contextmanager
def _listening(chosen: Settings) -> Iterator[socket.socket]:
    """The listening socket, made by us: a port in use is a plain message, and port 0 becomes a known one."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        listener = socket.create_server((chosen.host, chosen.port), family=family, backlog=2048)
    except OSError as error:
        raise ServerError(
            f"{chosen.host}:{chosen.port} cannot be listened on ({error.strerror}). "
            "Choose another port with PGCRM_PORT or --port."
        ) from None
    with listener:
        yield listener


@contextmanager
def _kept_alive(cluster: Cluster | None) -> Iterator[None]:
    """Start the embedded Postgres again when it dies under us."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(1):
            if cluster and not cluster.is_running():
                say("Postgres is gone; starting it again ...")
                try:
                    cluster.start()
                except (ServerError, OSError) as error:
                    say(str(error))

    watcher = threading.Thread(target=watch, name="postgres watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _serve_http(chosen: Settings, listener: socket.socket, url: str, log_ins: list[str]) -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        "db.cli.service:build_app",
        factory=True,
        workers=chosen.workers,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,  # ours has the request's id and route
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    console.print(f"\n[bold]pgcrm is on [link={url}]{url}[/link][/bold]", *log_ins, sep="\n")
    console.print("Ctrl-C stops it.\n", style="dim")
    if chosen.workers == 1:
        uvicorn.Server(config).run(sockets=[listener])
        return
    os.environ[PARENT] = str(os.getpid())
    metrics = chosen.home.absolute() / "metrics"  # where the processes add up their numbers, from zero
    shutil.rmtree(metrics, ignore_errors=True)
    make_folder(metrics, 0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    Multiprocess(config, sockets=[listener]).run()


def build_app() -> "Starlette":
    """The BFF, in the process that serves it; settings come from the environment."""
    from bff.serve import make_app

    if parent := os.environ.get(PARENT):
        threading.Thread(target=_end_with, args=[int(parent)], daemon=True).start()
    return make_app()


def _end_with(parent: int) -> None:
    """End this worker when its parent was killed: nobody else would."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _leave(*_: object) -> None:
    sys.exit(0)
