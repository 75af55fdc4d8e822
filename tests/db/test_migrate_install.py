"""The ways to build the database, on the real files: they must end in the same catalog."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from db import paths
from db.migrate import migrate, write_sql
from db.migrate.stages import STAGES, Tree
from tests.db.catalog import Snapshot, differences, snapshot
from tests.support.servers import Server

APPLIED = 'select path, checksum, kind, stage, objects from app.applied_files order by path collate "C"'


@pytest.fixture
def real_tree(tmp_path: Path) -> Path:
    """A copy of the product's migrations that a test may edit."""
    return Path(shutil.copytree(paths.MIGRATIONS, tmp_path / "migrations"))


@pytest.fixture
def another_empty_database(server: Server) -> Iterator[str]:
    name = f"another_{uuid4().hex}"
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        yield server.admin_url(name)
        connection.execute(f"drop database {name} with (force)".encode())


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def everything(url: str) -> tuple[Snapshot, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The catalog, what is on record of the files, and the revision."""
    return snapshot(url), rows(url, APPLIED), rows(url, "select version_num from app.alembic_version")


def test_psql_and_alembic_end_in_identical_catalogs(
    empty_database: str, another_empty_database: str, tmp_path: Path, server: Server
) -> None:
    migrate(another_empty_database, log=print)
    psql = [server.bin_dir / "psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", empty_database]
    for file in write_sql(tmp_path / "sql"):
        subprocess.run([*psql, "-f", file], check=True, timeout=300)
    by_psql, by_alembic = everything(empty_database), everything(another_empty_database)
    assert differences(by_psql[0], by_alembic[0]) == []
    assert by_psql[1:] == by_alembic[1:]
    assert not migrate(empty_database, log=print).changed


def test_a_second_migrate_applies_nothing(database: str) -> None:
    before = everything(database)
    assert not migrate(database, log=print).changed
    assert everything(database) == before


def test_a_comment_in_every_file_changes_nothing(database: str, real_tree: Path) -> None:
    for file in real_tree.rglob("*.sql"):
        file.write_text("-- Reworded.\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert not migrate(database, log=print, root=real_tree).changed


def test_everything_applied_again_ends_in_the_same_catalog(empty_database: str, real_tree: Path) -> None:
    """A line more in one function's body, and gone again: each time all replaceable files are applied."""
    migrate(empty_database, log=print)
    before = everything(empty_database)
    function = next(file for file in Tree.read(real_tree).files if file.kind == "api" and "$$" in file.text)
    (real_tree / function.path).write_text(function.text.replace("$$", "$$\n-- more\n", 1), encoding="utf-8")

    assert migrate(empty_database, log=print, root=real_tree).rebuilt
    assert differences(before[0], snapshot(empty_database)) != []
    (real_tree / function.path).write_text(function.text, encoding="utf-8")
    assert migrate(empty_database, log=print, root=real_tree).rebuilt

    after = everything(empty_database)
    assert differences(before[0], after[0]) == []
    assert after[1:] == before[1:]


def test_the_comparison_sees_every_kind_of_difference(empty_database: str) -> None:
    migrate(empty_database, log=print)
    changes: dict[str, str] = {
        "schemas": "comment on schema app is 'x'",
        "relations": "grant select on app.applied_files to analyst",
        "columns": "alter table app.applied_files alter column kind set default 'seed'",
        "constraints": "alter table app.applied_files add constraint x check (path <> '')",
        "indexes": "create index x on app.applied_files (kind)",
        "functions": "alter function app.uid() cost 7",
        "triggers": "create trigger x before update on app.applied_files for each row "
        "execute function suppress_redundant_updates_trigger()",
        "policies": "create policy x on app.applied_files using (false)",
        "types": "create domain app.x as text",
        "sequences": "create sequence app.x_seq",
        "views": "create view app.x_view as select 1 as one",
        "default rights": "alter default privileges in schema app grant select on tables to analyst",
    }
    after = snapshot(empty_database)
    for subject, change in changes.items():
        before = after
        with psycopg.connect(empty_database, autocommit=True) as connection:
            connection.execute(change.encode())
        after = snapshot(empty_database)
        assert any(line.startswith(f"{subject}: ") for line in differences(before, after)), subject


def test_the_sql_files_are_for_one_transaction_each_and_leave_the_session_as_it_was(tmp_path: Path) -> None:
    files = write_sql(tmp_path / "sql")
    assert [file.name for file in files] == [f"{stage}.sql" for stage in STAGES]
    for file in files:
        assert file.read_text(encoding="utf-8").rstrip().endswith("reset timezone;")


def test_a_view_a_policy_a_grant_and_a_permission_removed_from_the_files_are_gone(
    empty_database: str, real_tree: Path
) -> None:
    migrate(empty_database, log=print)
    tree = Tree.read(real_tree)
    view = next(file for file in reversed(tree.files) if file.kind == "view")
    policies = next(file for file in tree.files if file.kind == "policies")
    table = policies.policies[0].on
    assert _holders(empty_database, table) != []
    (real_tree / view.path).unlink()
    (real_tree / policies.path).write_text("-- No policy.\n", encoding="utf-8")
    (real_tree / policies.path.replace(".policies.", ".grants.")).unlink()
    matrix = real_tree / "01_seed/10_app/22_role_permissions.sql"
    lines = matrix.read_text(encoding="utf-8").splitlines(keepends=True)
    permissions = [line for line in lines if line.strip().startswith("('audit_logs', 'select', 'all',")]
    assert len(permissions) == 1
    matrix.write_text("".join(line for line in lines if line not in permissions), encoding="utf-8")

    report = migrate(empty_database, log=print, root=real_tree)

    assert {str(made) for made in view.objects if made.kind == "view"} <= set(report.dropped)
    assert rows(empty_database, f"select from pg_policy where polrelid = '{table}'::regclass") == []
    assert _holders(empty_database, table) == []
    assert rows(empty_database, "select from app.role_permissions where resource = 'audit_logs'") == []
    assert not migrate(empty_database, log=print, root=real_tree).changed


def _holders(url: str, table: str) -> list[tuple[object, ...]]:
    """Who, besides the owner, has any right to the table or a column of it."""
    return rows(
        url,
        f"""
        select a.grantee::regrole::text, a.privilege_type
        from pg_class as c
        left join pg_attribute as t on t.attrelid = c.oid
        cross join lateral aclexplode(c.relacl || t.attacl) as a
        where c.oid = '{table}'::regclass and a.grantee <> c.relowner
        """,
    )
