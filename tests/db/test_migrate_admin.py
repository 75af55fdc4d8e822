"""The administrator need not be a superuser: owning the database and createrole are enough, as on managed
servers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from db import paths
from db.migrate import MigrateError, migrate
from db.migrate.stages import Tree
from tests.db.catalog import Snapshot, differences, snapshot
from tests.support.servers import Server

ROLES = [
    *("pgcrm_owner", "pgcrm_gateway", "pgcrm_bff", "pgcrm_worker", "analyst"),
    *("anon", "authenticated", "service_role", "authenticator"),
]


@pytest.fixture
def managed(server: Server, database: str) -> Iterator[str]:
    """The URL of an ordinary owner of an empty database. `database`: our roles exist in this cluster already,
    so he gets what one who made them has."""
    name, boss = f"managed_{uuid4().hex}", f"boss_{uuid4().hex}"
    creator = sql.SQL("admin true, inherit false, set false" if server.version >= 16 else "admin option")
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        identifier = sql.Identifier(boss)
        connection.execute(
            sql.SQL("create role {} login createrole createdb password 'boss'").format(identifier)
        )
        connection.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(name), identifier))
        for role in ROLES:
            connection.execute(
                sql.SQL("grant {} to {} with {}").format(sql.Identifier(role), identifier, creator)
            )
        yield make_conninfo(server.admin_url(name), user=boss, password="boss")
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("drop owned by {} cascade").format(identifier))
        connection.execute(sql.SQL("drop role {}").format(identifier))


def test_an_ordinary_administrator_builds_the_same_database(managed: str, empty_database: str) -> None:
    migrate(managed, log=print)
    migrate(empty_database, log=print)
    assert not migrate(managed, log=print).changed

    who = user_of(managed), user_of(empty_database)
    assert differences(anonymous(managed, *who), anonymous(empty_database, *who)) == []


def anonymous(url: str, *administrators: str) -> Snapshot:
    """The catalog, without the names of those who administer."""

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return sorted(map(renamed, value))
        for name in administrators if isinstance(value, str) else ():
            value = value.replace(name, "administrator")
        return value

    return {subject: [tuple(map(renamed, row)) for row in rows] for subject, rows in snapshot(url).items()}


def user_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.info.user


def test_an_ordinary_administrator_rebuilds_and_changes_policies(managed: str, tmp_path: Path) -> None:
    root = shutil.copytree(paths.MIGRATIONS, tmp_path / "migrations")
    migrate(managed, log=print)
    tree = Tree.read(root)
    function = next(file for file in tree.files if file.kind == "api" and "$$" in file.text)
    policies = next(file for file in tree.files if file.kind == "policies")
    (root / function.path).write_text(function.text.replace("$$", "$$\n-- more\n", 1), encoding="utf-8")
    (root / policies.path).write_text(policies.policies[0].create() + ";\n", encoding="utf-8")

    report = migrate(managed, log=print, root=root)

    assert report.rebuilt
    assert len(report.policies) == len(policies.policies) - 1
    assert not migrate(managed, log=print, root=root).changed


def test_one_who_may_not_become_the_owner_is_told_so(managed: str, server: Server) -> None:
    boss = user_of(managed)
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("revoke pgcrm_owner from {}").format(sql.Identifier(boss)))
        connection.execute(sql.SQL("alter role {} nocreaterole").format(sql.Identifier(boss)))
    with pytest.raises(MigrateError, match="pgcrm_owner"):
        migrate(managed, log=print)
