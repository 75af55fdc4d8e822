"""Putting the demo organisations into a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from psycopg import Connection, connect, sql
from psycopg.types.json import Jsonb

from db.credentials import hash_password
from db.demo.content import ORGANIZATIONS, Organization, Person
from db.logins import as_owner
from db.settings import SettingsError


def seed(admin_url: str, *, beside_others: bool = False) -> bool:
    """See to it that the demo organisations are there; whether they had to be made.

    All or nothing, and once: organisations that are there stay as their people left them. Raises
    SettingsError as `check_free`, unless `beside_others`; psycopg.Error.
    """
    with connect(admin_url) as connection:
        with as_owner(connection):
            connection.execute("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pgcrm demo'))")
            slugs = _slugs(connection)
        wanted = [organization for organization in ORGANIZATIONS if organization.slug not in slugs]
        if not beside_others:
            _check_free(slugs)
        # A hash takes 50 ms, and the demo's people share few passwords.
        hashes = {
            password: hash_password(password)
            for password in {person.password for organization in wanted for person in organization.people}
        }
        # Nobody has entered yet while people are made: they are nobody's creation.
        with as_owner(connection):
            ids = {
                email: user_id
                for organization in wanted
                for email, user_id in _found(connection, organization, hashes).items()
            }
        with _as_gateway(connection):
            for lead in (lead for organization in wanted for lead in organization.leads):
                payload = lead.payload | ({"sales_owner_user_id": str(ids[lead.owner])} if lead.owner else {})
                connection.execute("select app.enter(%s)", [ids[lead.creator]])
                connection.execute("select api.crm_create_lead_bundle(%s)", [Jsonb(payload)])
        return bool(wanted)


def check_free(admin_url: str) -> None:
    """Raises SettingsError in a database, migrated or not, that belongs to others: the demo's passwords are
    published. Where the demo's organisations were first, others may have joined them. psycopg.Error.
    """
    with connect(admin_url) as connection:
        row = connection.execute("select pg_catalog.to_regclass('app.organizations')").fetchone()
        if row and row[0]:
            with as_owner(connection):
                _check_free(_slugs(connection))


def _check_free(slugs: set[str]) -> None:
    ours = {organization.slug for organization in ORGANIZATIONS}
    if slugs - ours and not ours <= slugs:
        raise SettingsError(
            f"This database belongs to {', '.join(sorted(slugs - ours))}: the demo's organisations, with "
            "their published passwords, are for a database without others."
        )


def _slugs(connection: Connection) -> set[str]:
    return {slug for (slug,) in connection.execute("select slug from app.organizations").fetchall()}


def _found(connection: Connection, organization: Organization, hashes: dict[str, str]) -> dict[str, UUID]:
    """Make one organisation with its people; their ids by e-mail."""
    row = connection.execute(
        "select app.create_organization(%s, %s)", [organization.name, organization.slug]
    ).fetchone()
    assert row is not None
    ids: dict[str, UUID] = {}
    for person in organization.people:
        ids[person.email] = _add(connection, row[0], person, ids, hashes[person.password])
    return ids


def _add(
    connection: Connection, org_id: UUID, person: Person, known: dict[str, UUID], password_hash: str
) -> UUID:
    row = connection.execute(
        "select app.create_profile(%s, %s, %s, %s, %s, %s)",
        [
            org_id,
            person.email,
            person.name,
            person.role,
            person.department,
            known[person.manager] if person.manager else None,
        ],
    ).fetchone()
    assert row is not None
    user_id: UUID = row[0]
    connection.execute("select app.set_password(%s, %s)", [user_id, password_hash])
    return user_id


@contextmanager
def _as_gateway(connection: Connection) -> Iterator[None]:
    """Speak for others, as the BFF does, so that the rules of each person hold.

    A superuser may; an administrator who is none lends himself the right until the transaction ends.
    """
    asked = "select pg_catalog.pg_has_role(session_user, 'pgcrm_gateway', 'member')"
    row = connection.execute(asked).fetchone()
    change = None if row and row[0] else sql.SQL("{} pgcrm_gateway {} current_user")
    if change:
        connection.execute(change.format(sql.SQL("grant"), sql.SQL("to")))
    with as_owner(connection):
        yield
    if change:
        connection.execute(change.format(sql.SQL("revoke"), sql.SQL("from")))
