"""Log-ins of Postgres that belong to a person: an analyst's, and the short-lived ones of `pgcrm psql --as`.

Such a log-in is a member of the group `analyst`: it reads the views of `api`, under row security, as the
person that `app.db_logins` ties it to, whatever its session sets. It cannot write.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from psycopg import Connection, connect, sql

from db.logins import as_owner, set_password

SESSION = timedelta(hours=8)
"""How long a `psql --as` log-in is good for at most."""


class LoginError(ValueError):
    """The log-in cannot be made or removed as asked. The message is for people."""


@dataclass(frozen=True)
class Login:
    name: str
    password: str


def add_analyst(admin_url: str, email: str) -> Login:
    """A lasting log-in for the person with this e-mail, or a new password for the one there is.

    Raises LoginError when no active person has the e-mail; psycopg.Error.
    """
    with connect(admin_url) as connection:
        user_id = _person(connection, email)
        with as_owner(connection):
            kept = connection.execute(
                "select login from app.db_logins where user_id = %s and kind = 'analyst' order by login",
                [user_id],
            ).fetchone()
        return _make(connection, user_id, "analyst", kept[0] if kept else _free_name(connection, email), None)


def remove_analyst(admin_url: str, email: str) -> list[str]:
    """Remove the lasting log-ins of a person and end their sessions; returns the names. Raises LoginError."""
    with connect(admin_url) as connection:
        with as_owner(connection):
            rows = connection.execute(
                "select l.login from app.db_logins l join app.profiles p using (user_id)"
                " where p.email = lower(btrim(%s)) and l.kind = 'analyst' order by l.login",
                [email],
            ).fetchall()
        if not rows:
            raise LoginError(f"{email} has no analyst log-in.")
        for (name,) in rows:
            _drop(connection, name)
        return [name for (name,) in rows]


@contextmanager
def psql_login(admin_url: str, email: str) -> Iterator[Login]:
    """A read-only log-in as this person for the duration of the block. Raises LoginError, psycopg.Error.

    It expires by itself (`SESSION`), and what a killed process left behind goes with the next one.
    """
    with connect(admin_url) as connection:
        with as_owner(connection):
            expired = connection.execute(
                "select login from app.db_logins where expires_at < now()"
            ).fetchall()
        for (name,) in expired:
            _drop(connection, name)
        until = datetime.now(UTC) + SESSION
        login = _make(connection, _person(connection, email), "psql", f"psql_{secrets.token_hex(6)}", until)
    try:
        yield login
    finally:
        with connect(admin_url) as connection:
            _drop(connection, login.name)


def _person(connection: Connection, email: str) -> UUID:
    with as_owner(connection):
        rows = connection.execute(
            "select p.user_id from app.profiles p join app.organizations o using (org_id)"
            " where p.email = lower(btrim(%s)) and p.is_active and o.is_active",
            [email],
        ).fetchall()
    if not rows:
        raise LoginError(f"Nobody active has the e-mail {email}.")
    if len(rows) > 1:
        raise LoginError(
            f"{email} is a person in {len(rows)} organisations; give each an e-mail of their own."
        )
    user_id: UUID = rows[0][0]
    return user_id


def _free_name(connection: Connection, email: str) -> str:
    """`analyst_ada_example_com`, with a number where somebody has that already."""
    wanted = "analyst_" + re.sub(r"[^a-z0-9]+", "_", email.strip().lower())[:48].strip("_")
    for number in range(1, 1000):
        name = wanted if number == 1 else f"{wanted}_{number}"
        if not _exists(connection, name):
            return name
    raise LoginError(f"There are too many log-ins called {wanted}.")


def _make(
    connection: Connection, user_id: UUID, kind: Literal["analyst", "psql"], name: str, until: datetime | None
) -> Login:
    password, role = secrets.token_urlsafe(24), sql.Identifier(name)
    if not _exists(connection, name):
        connection.execute(sql.SQL("create role {} login in role analyst connection limit 10").format(role))
    if until:
        connection.execute(
            sql.SQL("alter role {} valid until {}").format(role, sql.Literal(until.isoformat()))
        )
    for setting, value in {
        # For comfort, and the user's to change: what refuses to write is privileges.
        "default_transaction_read_only": "on",
        "idle_in_transaction_session_timeout": "10min",
        "search_path": "api",
    }.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(role, sql.Identifier(setting), sql.Literal(value))
        )
    set_password(connection, name, password)
    with as_owner(connection):
        connection.execute(
            "insert into app.db_logins (login, user_id, kind, expires_at) values (%s, %s, %s, %s)"
            " on conflict (login) do update set user_id = excluded.user_id, expires_at = excluded.expires_at",
            [name, user_id, kind, until],
        )
    return Login(name, password)


def _drop(connection: Connection, name: str) -> None:
    """Forget a log-in: first who it is, so that a session that lives on is nobody, then the role itself."""
    with as_owner(connection):
        connection.execute("delete from app.db_logins where login = %s", [name])
    if _exists(connection, name):
        role = sql.Identifier(name)
        connection.execute(sql.SQL("alter role {} nologin").format(role))
        connection.execute(
            "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity"
            " where usename = %s and pg_catalog.pg_has_role(usesysid, 'usage')",
            [name],
        )
        connection.execute(sql.SQL("drop role {}").format(role))


def _exists(connection: Connection, name: str) -> bool:
    found = connection.execute("select from pg_catalog.pg_roles where rolname = %s", [name])
    return found.fetchone() is not None
