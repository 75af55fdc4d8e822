"""An installation: its settings and the database they lead to, ours (embedded) or somebody else's."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.errors import DuplicateDatabase, UniqueViolation

from db.server import Cluster
from db.settings import Settings, SettingsError

DATABASE = "pgcrm"
"""Name of the database in the embedded cluster."""

BFF = "pgcrm_bff"
"""The BFF's log-in."""

WORKER = "pgcrm_worker"
"""The log-in of the dispatcher and of jobs."""


@dataclass(frozen=True)
class Installation:
    """`url` is the BFF's way in, `admin_url` the administrator's; None: not told by the settings."""

    settings: Settings
    url: str | None
    admin_url: str | None
    cluster: Cluster | None
    """The embedded cluster; None when the database is somebody else's."""

    def require_admin_url(self) -> str:
        """Raises SettingsError when nobody said how the administrator logs in."""
        if self.admin_url is None:
            raise SettingsError(
                "DATABASE_ADMIN_URL is not set: this command needs the log-in of a superuser or of the role "
                "that owns the database (DATABASE_URL is only the BFF's)."
            )
        return self.admin_url


def embedded_cluster(settings: Settings, log: Callable[[str], None] = lambda message: None) -> Cluster:
    """The cluster of this installation, not yet started."""
    return Cluster(settings.home, port=settings.postgres_port, server_user=settings.server_user, log=log)


@contextmanager
def opened(settings: Settings, log: Callable[[str], None] = lambda message: None) -> Iterator[Installation]:
    """The installation with its database ready; an embedded one runs at least as long as the block.

    Raises ServerError.
    """
    if not settings.embedded:
        yield Installation(settings, settings.database_url, settings.database_admin_url, None)
        return
    forget_postgres_environment()
    with embedded_cluster(settings, log) as cluster:
        _make_database(cluster)
        yield Installation(settings, cluster.url(BFF, DATABASE), cluster.admin_url(DATABASE), cluster)


def forget_postgres_environment() -> None:
    """Drop libpq's variables: PGTZ, PGOPTIONS and their kin are about another server than ours."""
    for name in [name for name in os.environ if name.startswith("PG") and not name.startswith("PGCRM_")]:
        del os.environ[name]


def _make_database(cluster: Cluster) -> None:
    with psycopg.connect(cluster.admin_url("postgres"), autocommit=True) as connection:
        exists = connection.execute("select from pg_catalog.pg_database where datname = %s", [DATABASE])
        if exists.fetchone() is None:
            with suppress(DuplicateDatabase, UniqueViolation):  # another process was first
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
