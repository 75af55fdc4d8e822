"""The administrator's connection, and the transaction in which files are applied."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from db.migrate.script import Connection
from db.migrate.stages import OWNER, SETTINGS

APPLICATION = f"pgcrm migrate {os.getpid()}"


def connect(admin_url: str) -> Connection:
    """An autocommit connection, of a name by which the watcher knows it."""
    return psycopg.connect(admin_url, autocommit=True, application_name=APPLICATION, client_encoding="UTF8")


@contextmanager
def applying(connection: Connection, *, lock_timeout: str) -> Iterator[None]:
    """A transaction under the settings every file relies on, still as the administrator."""
    with connection.transaction():
        settle(connection, lock_timeout=lock_timeout)
        yield


def settle(connection: Connection, *, lock_timeout: str) -> None:
    """The settings of an open transaction: the rest of it runs as the administrator until ``as_owner``."""
    settings = SETTINGS | {"role": "none", "lock_timeout": f"'{lock_timeout}'"}
    connection.execute("; ".join(f"set local {name} = {value}" for name, value in settings.items()))


def as_administrator(connection: Connection) -> None:
    """Back to the role that logged in, for the files of 00_admin."""
    connection.execute("set local role none")


def as_owner(connection: Connection) -> None:
    """Whatever the rest of the transaction makes belongs to pgcrm_owner."""
    connection.execute(f"set local role {OWNER}")
