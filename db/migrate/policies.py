"""Policies, gently: only one that really differs is touched, and no reader waits a second for it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from psycopg import Error, errors, sql

from db.migrate.applied import Applied, obsolete, record, recorded
from db.migrate.errors import MigrateError
from db.migrate.parse import Made, Policy, quoted
from db.migrate.script import Connection
from db.migrate.session import applying, as_owner
from db.migrate.stages import OWNER, Kind, SqlFile, Tree
from db.migrate.waiting import POLICY_LOCK_TIMEOUT, Log, patiently

T = TypeVar("T")
Meaning = tuple[object, ...]
"""What Postgres understood: permissive, roles, command, using, with check."""

_MEANINGS = """
    select policyname, permissive, roles::text[], cmd, qual, with_check from pg_policies
    where schemaname = %s and tablename = %s
"""


def apply_policies(connection: Connection, tree: Tree, log: Log, *, patience: float) -> tuple[Made, ...]:
    """Brings policies to what their files say; returns those created, changed or dropped.

    A file whose checksum is on record is not looked at. One that differs is compared by meaning, on a shadow
    of its table. Raises MigrateError when a table stays locked for ``patience`` seconds."""
    applied = recorded(connection)
    differing = [
        file
        for file in tree.files
        if file.kind is Kind.POLICIES
        and (file.path not in applied or applied[file.path].checksum != file.checksum)
    ]
    touched = list(obsolete(applied, tree, "policy"))
    changes: dict[str, list[str]] = defaultdict(list)  # by table
    for made in touched:
        table = made.name.rpartition(" on ")[2]
        changes[table].append(f"drop policy if exists {made.name}")

    for file in differing:

        def compare(file: SqlFile = file) -> list[tuple[Policy, list[str]]]:
            return _differences(connection, file)

        for policy, statements in _named(file.path, compare, log, patience):
            changes[policy.on] += statements
            touched.append(policy.made)

    for table, statements in changes.items():

        def alter(statements: list[str] = statements) -> None:
            _alter(connection, statements)

        _named(f"policies of {table}", alter, log, patience)

    _remember(connection, tree, applied, differing)
    return tuple(touched)


def _named(what: str, attempt: Callable[[], T], log: Log, patience: float) -> T:
    """Tries until no lock is in the way; whatever else Postgres objects to is told with the name."""
    try:
        return patiently(attempt, what=what, log=log, patience=patience)
    except Error as error:
        raise MigrateError(f"{what}: {error}") from error


def _alter(connection: Connection, statements: Iterable[str]) -> None:
    """The short transaction that locks the table: all its changes at once, no reader sees half of them."""
    with applying(connection, lock_timeout=POLICY_LOCK_TIMEOUT):
        as_owner(connection)
        for statement in statements:
            connection.execute(statement.encode())


def _remember(
    connection: Connection, tree: Tree, applied: dict[str, Applied], differing: Iterable[SqlFile]
) -> None:
    files = {file.path for file in tree.files}
    with applying(connection, lock_timeout=POLICY_LOCK_TIMEOUT):
        as_owner(connection)
        record(connection, differing)
        for path, row in applied.items():
            if row.kind is Kind.POLICIES and path not in files:
                connection.execute("delete from app.applied_files where path = %s", [path])


def _differences(connection: Connection, file: SqlFile) -> list[tuple[Policy, list[str]]]:
    """The policies that are missing or mean something else, each with the statements that put it right."""
    tables: dict[tuple[str, str], list[Policy]] = defaultdict(list)
    for policy in file.policies:
        tables[policy.schema, policy.table].append(policy)

    differing = []
    for (schema, table), policies in tables.items():
        there = _meanings(connection, schema, table)
        wanted = _shadow_meanings(connection, policies)
        for policy in policies:
            if policy.name not in there:
                differing.append((policy, [policy.create()]))
            elif there[policy.name] != wanted.get(policy.name):
                differing.append((policy, [f"drop {policy.made}", policy.create()]))
    return differing


def _meanings(connection: Connection, schema: str, table: str) -> dict[str, Meaning]:
    # under the search path of all files: every name in an expression comes out qualified
    with applying(connection, lock_timeout=POLICY_LOCK_TIMEOUT):
        return {str(row[0]): row[1:] for row in connection.execute(_MEANINGS, [schema, table])}


def _shadow_meanings(connection: Connection, policies: list[Policy]) -> dict[str, Meaning]:
    """What the policies of one table mean, found on a table of the same name and columns, never committed.

    Empty when they cannot stand on another table (they name their own by its schema): all count as new."""
    schema, table = policies[0].schema, policies[0].table
    shadow = f"pgcrm_shadow_of_{schema}"
    try:
        with (
            connection.transaction(force_rollback=True),
            applying(connection, lock_timeout=POLICY_LOCK_TIMEOUT),
        ):
            connection.execute(
                sql.SQL("create schema {} authorization {}").format(
                    sql.Identifier(shadow), sql.Identifier(OWNER)
                )
            )
            as_owner(connection)
            connection.execute(f"create table {quoted(shadow)}.{quoted(table)} (like {policies[0].on})")
            for policy in policies:
                connection.execute(policy.create(shadow).encode())
            return _meanings(connection, shadow, table)
    except errors.UndefinedTable:
        return {}
