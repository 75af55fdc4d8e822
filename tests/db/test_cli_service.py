"""serve, stop, status as somebody at a terminal meets them: real processes, real signals, real HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from db.installation import DATABASE
from db.server import Cluster
from db.settings import Settings
from tests.db.installations import CHECKOUT, eventually, nothing_is_left, processes_of, temporary_home

PGCRM = [sys.executable, "-c", "from db.cli import app; app()"]


def environment(home: Path) -> dict[str, str]:
    ours = {str(field.validation_alias) for field in Settings.model_fields.values()}
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "PGCRM_HOME": str(home),
        "PGCRM_PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }


def pgcrm(home: Path, *words: str, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        [*PGCRM, *words],
        cwd=CHECKOUT,
        env=environment(home) | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@contextmanager
def serving(home: Path, **variables: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`pgcrm serve` in a process group of its own, as from a terminal, and the URL where it answers."""
    log = home.parent / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*PGCRM, "serve"],
            cwd=CHECKOUT,
            env=environment(home) | variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        assert eventually(lambda: url_of(home, process) != "" or process.poll() is not None, 120)
        url = url_of(home, process)
        assert process.poll() is None, log.read_text()
        assert eventually(lambda: answers(url), 30), log.read_text()
        yield process, url
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def url_of(home: Path, process: subprocess.Popen[bytes]) -> str:
    try:
        announced = json.loads((home / "serve.json").read_text())
    except (OSError, ValueError):
        return ""
    return str(announced["url"]) if announced["pid"] == process.pid else ""


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def signed_in(url: str) -> httpx.Client:
    """An HTTP client of the demo's administrator."""
    login = {"email": "admin@crm.com", "password": "admin123"}
    token = httpx.post(f"{url}/api/auth/login", json=login).raise_for_status().json()["access_token"]
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})


def create_lead(url: str, name: str) -> int:
    """The status of the answer."""
    lead = {
        "company_name": f"PT {name}",
        "pic_name": "Sari",
        "contact_phone": "+62 812 3456 7890",
        "email": f"{name.lower()}@mail.example",
        "city_area": "Surabaya",
        "service_code": "DOM_LTL",
        "primary_channel": "SEM",
    }
    with signed_in(url) as http:
        return http.post("/api/leads", json=lead).status_code


def http_processes(home: Path) -> list[psutil.Process]:
    """The processes that serve HTTP for this home, parent and workers."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("PGCRM_HOME") == str(home):
                found.append(process)
        except psutil.Error:
            continue
    return found


def everything_is_gone(home: Path) -> bool:
    return eventually(lambda: not http_processes(home)) and nothing_is_left(home)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for the whole file: the first `serve` builds it, the others start quickly."""
    with temporary_home() as path:
        yield path


@dataclass(frozen=True)
class Running:
    home: Path
    process: subprocess.Popen[bytes]
    url: str


@pytest.fixture(scope="class")
def running(home: Path) -> Iterator[Running]:
    with serving(home) as (process, url):
        yield Running(home, process, url)


class TestWhileItServes:
    def test_it_says_where_it_is_and_who_may_log_in(self, running: Running) -> None:
        said = " ".join((running.home.parent / "serve.log").read_text().split())
        assert running.url in said
        assert "admin@crm.com admin123" in said
        assert "staff@crm.com staff123" in said

    def test_status_tells(self, running: Running) -> None:
        code, said = pgcrm(running.home, "status")
        assert code == 0
        assert f"{running.url} (pid {running.process.pid})" in said

    def test_a_second_start_says_where_the_first_one_is(self, running: Running) -> None:
        code, said = pgcrm(running.home, "serve")
        assert code == 0
        assert f"runs already on {running.url} (pid {running.process.pid})" in said
        assert answers(running.url)

    def test_it_listens_on_the_loopback_only(self, running: Running) -> None:
        everybody = {running.process.pid, *(process.pid for process in processes_of(running.home))}
        listening = {
            connection.laddr.ip
            for pid in everybody
            for connection in psutil.Process(pid).net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}

    def test_it_sends_events_and_runs_jobs_beside_http(self, running: Running) -> None:
        with signed_in(running.url) as http, http.stream("GET", "/api/events", timeout=20) as stream:
            lines = stream.iter_lines()
            assert ": listening" in next(lines)
            assert create_lead(running.url, "Kapal") == 201
            assert any('"topic": "leads.created"' in line for line in lines)
        code, said = pgcrm(running.home, "jobs", "list")
        assert code == 0, said
        assert "clean.outbox" in said
        assert f":{running.process.pid}:" in said, "who does it"
        code, said = pgcrm(running.home, "jobs", "run", "--once")
        assert code == 0
        assert "Somebody else is at work: jobs." in said
        code, said = pgcrm(running.home, "doctor")
        assert "The worker can log in, send events and run jobs" in said
        assert code == 0, said

    def test_a_killed_postmaster_is_replaced(self, running: Running) -> None:
        [postmaster] = [
            p for p in processes_of(running.home) if p.name() == "postgres" and "-D" in p.cmdline()
        ]
        postmaster.kill()
        assert eventually(lambda: not answers(running.url))
        assert eventually(lambda: answers(running.url), 30)
        assert eventually(lambda: "dispatcher: " in pgcrm(running.home, "jobs", "list")[1], 30)

    def test_reset_is_refused(self, running: Running) -> None:
        code, said = pgcrm(running.home, "reset", "--yes")
        assert code == 1
        assert f"pgcrm is running on {running.url}" in said
        assert answers(running.url)


# How it ends


def test_ctrl_c_stops_everything_and_the_next_start_keeps_the_data(home: Path) -> None:
    before = (home / "secrets.json").read_text()
    with serving(home) as (process, _):
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        assert process.wait(30) == 0
    assert everything_is_gone(home)
    assert (home / "secrets.json").read_text() == before


@pytest.mark.parametrize("workers", ["1", "2"])
def test_open_streams_do_not_keep_it_from_stopping(home: Path, workers: str) -> None:
    with serving(home, PGCRM_WORKERS=workers) as (process, url), ExitStack() as streams:
        http = streams.enter_context(signed_in(url))
        for _ in range(6):
            stream = streams.enter_context(http.stream("GET", "/api/events"))
            assert ": listening" in next(stream.iter_lines())
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(5) == 0
    assert everything_is_gone(home)
    assert "Traceback" not in (home.parent / "serve.log").read_text()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_kill_9_leaves_nothing(home: Path, workers: str) -> None:
    with serving(home, PGCRM_WORKERS=workers) as (process, _):
        assert len(http_processes(home)) >= int(workers)
        process.kill()
        process.wait()
        assert everything_is_gone(home)


def test_stop_ends_all_workers_too(home: Path) -> None:
    with serving(home, PGCRM_WORKERS="2") as (process, _):
        assert pgcrm(home, "stop") == (0, "Stopped.\n")
        assert process.wait(5) == 0
    assert everything_is_gone(home)
    assert pgcrm(home, "status")[0] == 3
    assert pgcrm(home, "stop") == (0, "Nothing runs here.\n")


# What goes wrong


def test_a_port_in_use_is_a_plain_message(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = pgcrm(home, "serve", PGCRM_PORT=port)
    assert code == 1
    assert f"127.0.0.1:{port} cannot be listened on" in said
    assert "PGCRM_PORT" in said
    assert everything_is_gone(home)


def test_a_wrong_setting_is_a_plain_message(tmp_path: Path) -> None:
    code, said = pgcrm(tmp_path / "home", "serve", PGCRM_PORT="http")
    assert code == 1
    assert "PGCRM_PORT: " in said
    assert not (tmp_path / "home").exists(), "nothing was made"


def test_stop_and_status_in_an_empty_folder_make_nothing(tmp_path: Path) -> None:
    assert pgcrm(tmp_path / "home", "stop") == (0, "Nothing runs here.\n")
    assert pgcrm(tmp_path / "home", "status")[0] == 3
    assert not (tmp_path / "home").exists()


# reset


def test_reset_is_for_the_embedded_database_and_asks(home: Path) -> None:
    assert "only for the embedded" in pgcrm(home, "reset", DATABASE_URL="postgresql://db.example/crm")[1]
    assert pgcrm(home, "reset")[0] == 1, "nobody there to say yes"


def test_reset_makes_everything_anew(home: Path) -> None:
    old = home / "files" / "import-files" / "old.csv"
    old.write_text("x")
    with Cluster(home) as cluster, psycopg.connect(cluster.admin_url(DATABASE)) as connection:
        connection.execute("select app.create_organization('Acme', 'acme')")
    code, said = pgcrm(home, "reset", "--yes")
    assert code == 0, said
    assert not old.exists()
    with Cluster(home) as cluster, psycopg.connect(cluster.admin_url(DATABASE)) as connection:
        slugs = {slug for (slug,) in connection.execute("select slug from app.organizations")}
        assert "acme" not in slugs
        assert slugs, "the demo's are there"
    assert everything_is_gone(home)
