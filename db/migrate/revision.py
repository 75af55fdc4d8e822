"""What the scripts in migrations/versions call.

The five base revisions apply the files of their stage. A later revision changes *state* only (tables,
columns, types, indexes, rows, functions of 05_keys) in plain SQL by ``op.execute``, and names in ``files``
the table and key files whose change it carries; functions, views, grants and policies follow by themselves,
from their files. It runs as pgcrm_owner with a lock timeout.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from alembic import context, op

from db.migrate.applied import record, recorded
from db.migrate.script import Connection, run_file
from db.migrate.session import as_owner, settle
from db.migrate.stages import Kind, Tree
from db.migrate.waiting import REBUILD_LOCK_TIMEOUT


def apply_stage(stage: str) -> None:
    """Runs all files of a stage, in order, and remembers them. For base revisions only."""
    tree: Tree = context.config.attributes["tree"]
    connection = _connection()
    settle(connection, lock_timeout=REBUILD_LOCK_TIMEOUT)
    files = list(tree.stage(stage))
    for file in files:
        if file.kind is Kind.ADMIN:
            run_file(connection, file)
    as_owner(connection)
    for file in files:
        if file.kind is not Kind.ADMIN:
            run_file(connection, file)
    record(connection, files)


@contextmanager
def triggers_off(*tables: str) -> Iterator[None]:
    """No user trigger of these tables (``crm.leads``) fires in the block: a revision rewrites rows, it does
    not act."""
    for table in tables:
        op.execute(f"alter table {table} disable trigger user")
    yield
    for table in tables:
        op.execute(f"alter table {table} enable trigger user")


def views_off() -> None:
    """Drops our views, where a column they show must change its type or go. The rebuild that follows makes
    them."""
    connection = _connection()
    views = [
        made.name for row in recorded(connection).values() for made in row.objects if made.kind == "view"
    ]
    if views:
        connection.execute(f"drop view if exists {', '.join(views)}")
        connection.execute("update app.applied_files set checksum = '' where kind = 'view'")


def policies_off(table: str) -> None:
    """Drops the policies of a table, where a column or function they use must change. Until migrate has made
    them again the table shows no rows."""
    connection = _connection()
    for row in recorded(connection).values():
        policies = [
            made for made in row.objects if made.kind == "policy" and made.name.endswith(f" on {table}")
        ]
        for made in policies:
            connection.execute(f"drop policy if exists {made.name}")
        if policies:
            connection.execute("update app.applied_files set checksum = '' where path = %s", [row.path])


def _connection() -> Connection:
    """Alembic's connection as psycopg's, for what must not be interpreted on its way."""
    return cast(Connection, op.get_bind().connection.driver_connection)
