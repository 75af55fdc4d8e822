"""The module's database as the BFF reaches it."""

import psycopg
import pytest

from tests.support.servers import Server


@pytest.fixture(scope="module")
def bff_url(server: Server, database: str) -> str:
    """The URL of the BFF's log-in to the module's database."""
    with psycopg.connect(database) as connection:
        return server.url("pgcrm_bff", connection.info.dbname)


@pytest.fixture(scope="module")
def worker_url(server: Server, database: str) -> str:
    """The URL of the worker's log-in to the module's database."""
    with psycopg.connect(database) as connection:
        return server.url("pgcrm_worker", connection.info.dbname)


@pytest.fixture
def admin(database: str) -> str:
    """The administrator's URL of the module's database."""
    return database
