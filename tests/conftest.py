"""One server for each run, one template database with the people of sql_tests/00_fixtures.sql, and a clone of
it for each module: what a module does is nobody else's business."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from db.migrate import migrate
from tests.support import pgtap
from tests.support.people import PASSWORD, People, logged_in
from tests.support.servers import Server, running
from tests.support.serving import serving

FIXTURES = Path(__file__).parents[1] / "sql_tests" / "00_fixtures.sql"

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The cluster of this run: Postgres 18, or what PG in the environment asks for."""
    with running(os.environ.get("PG", "")) as found:
        yield found


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated database with pgTAP and people in it, to be cloned and otherwise left alone."""
    name = "template_pgcrm"
    _make(server, name)
    url = server.admin_url(name)
    migrate(url, log=lambda message: None)
    pgtap.install(url, server.bin_dir)
    with psycopg.connect(url) as connection:
        connection.execute(FIXTURES.read_bytes())
    return name


@pytest.fixture(scope="module")
def database(server: Server, template: str) -> Iterator[str]:
    """The administrator's URL of a clone of the template, shared by the tests of a module."""
    with cloned(server, template) as name:
        yield server.admin_url(name)


@pytest.fixture
def empty_database(server: Server) -> Iterator[str]:
    """The administrator's URL of a database with nothing in it, for one test."""
    with cloned(server, "template1") as name:
        yield server.admin_url(name)


@pytest.fixture(scope="module")
def bff_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PGCRM_HOME of the module's `bff`."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def bff(server: Server, database: str, bff_home: Path) -> Iterator[str]:
    """The base URL of a BFF process over `database`."""
    with psycopg.connect(database) as connection:
        name = connection.info.dbname
    with serving(server.url("pgcrm_bff", name), bff_home) as url:
        yield url


@pytest.fixture(scope="module")
def login(bff: str) -> Iterator[Callable[..., httpx.Client]]:
    """`login("sp1@alpha.test")`: an HTTP client of somebody who is logged in."""
    with ExitStack() as clients:

        def log_in(email: str, password: str = PASSWORD) -> httpx.Client:
            return clients.enter_context(logged_in(bff, email, password))

        yield log_in


@pytest.fixture(scope="session")
def people(server: Server, template: str) -> People:
    """Who is who in every clone of the template."""
    return People.read(server.admin_url(template))


@contextmanager
def cloned(server: Server, template: str) -> Iterator[str]:
    """The name of a new database like `template`, dropped at the end whoever is still connected to it."""
    name = f"clone_{next(_numbers)}"
    _make(server, name, template)
    # The one thing that a clone does not take over: rights on the database itself.
    _run(server, sql.SQL("revoke temporary, create on database {} from public").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        _run(server, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _make(server: Server, name: str, template: str = "template1") -> None:
    _run(
        server,
        sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)),
    )


def _run(server: Server, statement: sql.Composed) -> None:
    with psycopg.connect(server.admin_url(), autocommit=True) as connection:
        connection.execute(statement)
