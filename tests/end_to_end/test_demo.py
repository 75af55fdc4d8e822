"""`make demo` as it is run: from nothing, again, beside a running product, on somebody's own database."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from db.cli.service import serving_in
from db.demo.content import ORGANIZATIONS
from db.installation import embedded_cluster
from db.settings import Settings
from tests.support.serving import REPOSITORY, serving

COMMAND = [sys.executable, "-c", "from db.cli import app; app()", "demo"]
ALL_WELL = "Everything is as it must be."


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """PGCRM_HOME of an installation that does not exist yet."""
    # Not pytest's own folder: as root the server runs as a user who cannot enter that.
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-demo-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "home"
    embedded_cluster(Settings.load(home=folder / "home")).destroy()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def first(home) -> str:
    """What the first demo prints."""
    return demo(home)


def environment(home: Path, **settings: str) -> dict[str, str]:
    ours = ("PG", "DATABASE_", "SUPABASE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PGCRM_HOME": str(home), "PYTHONPATH": str(REPOSITORY), "COLUMNS": "100"} | settings


def demo(home: Path, expect: int = 0, **settings: str) -> str:
    """Run it; what it printed."""
    done = subprocess.run(
        COMMAND,
        cwd=home.parent,
        env=environment(home, **settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == expect, done.stdout
    return done.stdout


def processes(home: Path) -> list[psutil.Process]:
    """Whatever runs for this installation."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(home.parent) in " ".join([*process.cmdline(), *process.environ().values(), process.cwd()]):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def wait_until_none(home: Path, seconds: float) -> list[psutil.Process]:
    deadline = time.monotonic() + seconds
    while (left := processes(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def test_from_nothing_the_demo_shows_the_main_job_and_finds_nothing_wrong(first):
    assert ALL_WELL in first
    assert "✗" not in first
    assert re.search(r"success\s+4706", first)
    assert "must be an e-mail address" in first
    assert "matched by npwp" in first
    assert re.search(r"stranger\s+HTTP\s+leads\s+\d+\s+\d+\s+0\s+0\s+0 of 3", first)
    assert "Ops: GET /api/leads is answered 403." in first
    assert len(re.findall(r"success\s+5112", first)) == 2
    assert re.search(r"Members of Liga\s+LIGA2000\s+3\s+3\s+20\s+20", first)
    assert re.search(r"Members of Istana\s+ISTANA2000\s+3\s+3\s+20\s+20", first)
    assert "6 archived, 6 replaced." in first


def test_it_leaves_no_process(home, first):
    assert wait_until_none(home, 10) == []


def test_again_it_finds_the_import_and_the_leads_of_the_first_time(home, first):
    again = demo(home)
    assert ALL_WELL in again
    assert "nothing is imported again" in again
    assert again.count("as on the last run") == 5


def test_killed_it_still_leaves_no_process(home, first):
    process = subprocess.Popen(
        COMMAND, cwd=home.parent, env=environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not serving_in(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert wait_until_none(home, 60) == []


@pytest.fixture(scope="module")
def external(server, template, tmp_path_factory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the settings of a database on the tests' server with nothing in it."""
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        connection.execute("create database demo_of_somebody")
        yield (
            tmp_path_factory.mktemp("external") / "home",
            {
                "DATABASE_ADMIN_URL": server.admin_url("demo_of_somebody"),
                "DATABASE_URL": server.url("pgcrm_bff", "demo_of_somebody"),
            },
        )
        connection.execute("drop database demo_of_somebody with (force)")


@pytest.fixture(scope="module")
def first_there(external) -> str:
    """What the first demo prints there."""
    home, settings = external
    return demo(home, **settings)


def test_it_runs_on_a_database_of_ones_own(external, first_there):
    assert ALL_WELL in first_there
    assert wait_until_none(external[0], 10) == []


def test_it_uses_the_product_that_runs_already_and_leaves_it_running(external, first_there):
    home, settings = external
    with serving(settings["DATABASE_URL"], home):
        before = {process.pid for process in processes(home)}
        assert ALL_WELL in demo(home, **settings)
        assert {process.pid for process in processes(home)} == before


def test_rows_shown_to_strangers_or_hidden_from_their_people_fail_the_demo(external, first_there):
    home, settings = external
    with psycopg.connect(settings["DATABASE_ADMIN_URL"], autocommit=True) as connection:
        connection.execute("alter table crm.leads disable row level security")
        connection.execute("drop policy customers_select on crm.customers")
    printed = demo(home, expect=1, **settings)
    assert "✗ Nobody saw what is not theirs." in printed
    assert "✗ Everybody saw all that is theirs." in printed
    assert "of the checks failed" in printed


def test_it_refuses_a_database_of_others(server, template, tmp_path):
    printed = demo(
        tmp_path / "home",
        expect=1,
        DATABASE_ADMIN_URL=server.admin_url(template),
        DATABASE_URL=server.url("pgcrm_bff", template),
    )
    assert "belongs to alpha" in printed


def test_without_the_administrator_it_says_what_it_needs(server, template, tmp_path):
    printed = demo(tmp_path / "home", expect=1, DATABASE_URL=server.url("pgcrm_bff", template))
    assert "DATABASE_ADMIN_URL is not set" in printed


def test_the_demo_is_about_nobody():
    for organization in ORGANIZATIONS:
        for lead in organization.leads:
            assert "Contoh" in lead.payload["company_name"]
            assert lead.payload["email"].endswith(".example")
