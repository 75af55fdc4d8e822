"""A cluster of the benchmarks' own: the product's configuration, an organisation, people; gone afterwards."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg
import psycopg
from psycopg import sql

from db.credentials import set_password
from db.installation import BFF, DATABASE, forget_postgres_environment
from db.logins import set_password as set_login_password
from db.migrate import migrate
from db.server import Cluster

PASSWORD = "seven grey otters"
OWNER = "pgcrm_owner"

_numbers = count(1)


@dataclass(frozen=True)
class Person:
    user_id: UUID
    email: str


@dataclass(frozen=True)
class House:
    """A running cluster with the database `DATABASE`, migrated."""

    home: Path
    cluster: Cluster
    org_id: UUID
    salespeople: list[Person]
    importer: Person

    def admin_url(self, database: str = DATABASE) -> str:
        return self.cluster.admin_url(database)

    def bff_url(self, database: str = DATABASE) -> str:
        return self.cluster.url(BFF, database)

    async def clone(self) -> str:
        """The name of a new database, a copy of `DATABASE`, to which nobody may be connected.

        It lives as long as the house: dropping it would make everybody wait for a checkpoint.
        """
        name = f"copy_{next(_numbers)}"
        connection = await asyncpg.connect(self.admin_url("postgres"))
        await connection.execute(f"create database {name} template {DATABASE}")
        await connection.close()
        return name


@contextmanager
def house(log: Callable[[str], None]) -> Iterator[House]:
    """A house in a temporary folder. Nothing of it is left when the block ends."""
    forget_postgres_environment()
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-bench-"))
    folder.chmod(0o711)  # the unprivileged user that runs the server must get through
    cluster = Cluster(folder / "home", log=log)
    try:
        with cluster:
            yield _furnished(folder / "home", cluster)
    finally:
        cluster.destroy()
        shutil.rmtree(folder)


def _furnished(home: Path, cluster: Cluster) -> House:
    with psycopg.connect(cluster.admin_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    migrate(cluster.admin_url(DATABASE), log=lambda line: None)
    with psycopg.connect(cluster.admin_url(DATABASE)) as connection:
        set_login_password(connection, BFF, cluster.password(BFF))
        found = connection.execute("select app.create_organization('Benchmarks', 'benchmarks')").fetchone()
        assert found is not None
        org_id = found[0]
        salespeople = [_person(connection, org_id, f"s{n}", "salesperson", "SAL") for n in range(8)]
        importer = _person(connection, org_id, "importer", "super_admin", "DIR")
        # What looks at everybody must show: an organisation is more than those who work at this moment.
        connection.execute(
            "select app.create_profile(%s, n || '@colleagues.test', 'Colleague', 'salesperson', 'SAL')"
            " from generate_series(1, 200) n",
            [org_id],
        )
    return House(home, cluster, org_id, salespeople, importer)


def _person(connection: psycopg.Connection, org_id: UUID, name: str, role: str, dept: str) -> Person:
    email = f"{name}@benchmarks.test"
    row = connection.execute(
        "select app.create_profile(%s, %s, %s, %s, %s)", (org_id, email, name, role, dept)
    ).fetchone()
    assert row is not None
    set_password(connection, row[0], PASSWORD, must_change=False)
    return Person(row[0], email)
