"""users, analysts, organizations: who may come in, and how."""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import psycopg
import typer
from rich.table import Table

from db import analysts
from db.analysts import LoginError
from db.cli.common import console, installation, make_app
from db.logins import as_owner, url_for
from db.settings import Settings

Email = Annotated[str, typer.Argument(help="E-mail of the person.")]


def register(app: typer.Typer) -> None:
    users = make_app("People who log in.")
    users.command("add")(add_user)
    users.command("list")(list_users)
    app.add_typer(users, name="users")

    group = make_app("Log-ins for psql, Metabase, polars: read-only, seeing what the person sees.")
    group.command("add")(add_analyst)
    group.command("remove")(remove_analyst)
    app.add_typer(group, name="analysts")

    organizations = make_app("The tenants.")
    organizations.command("add")(add_organization)
    app.add_typer(organizations, name="organizations")


def add_organization(
    name: Annotated[str, typer.Argument(help="Name, as people know it.")],
    slug: Annotated[str, typer.Option(help="Short name for commands: a-z, 0-9, hyphens.")],
) -> None:
    """Found an organisation, with the departments and services every one starts with."""
    with _database() as connection:
        connection.execute("select app.create_organization(%s, %s)", [name, slug])
    console.print(f"{name} is {slug}.", markup=False)


def add_user(
    email: Email,
    role: Annotated[str, typer.Option(help="Key of the role, such as salesperson.")],
    name: Annotated[str, typer.Option(help="Full name.")],
    department: Annotated[str, typer.Option(help="Code of the department.")],
    org: Annotated[str | None, typer.Option(help="Slug of the organisation, if there are several.")] = None,
    password: Annotated[
        str | None, typer.Option(help="Default: asked for; without a terminal, made up and printed.")
    ] = None,
    user_id: Annotated[UUID | None, typer.Option(help="With Supabase Auth: the user's id there.")] = None,
) -> None:
    """Add a person, with a password to log in."""
    from db import credentials

    with installation() as found:
        _check_way_in(found.settings, user_id, password)
        made_up = None
        if found.settings.auth == "local" and password is None:
            if sys.stdin.isatty():
                password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            else:
                password = made_up = secrets.token_urlsafe(12)
        with psycopg.connect(found.require_admin_url()) as connection, as_owner(connection):
            added = _create_profile(connection, org, email, name, role, department, user_id)
            if password is not None:
                credentials.set_password(connection, added, password, must_change=made_up is not None)
    console.print(f"{email} is added.", markup=False)
    if made_up:
        console.print(f"Password, to be changed at the first log-in: {made_up}", markup=False)


def list_users() -> None:
    """Show who is here."""
    table = Table("E-mail", "Name", "Role", "Department", "Organisation", "Active", box=None)
    with _database() as connection:
        for row in connection.execute(
            "select p.email, p.full_name, p.role_key, p.dept_code, o.slug,"
            " case when p.is_active then 'yes' else 'no' end"
            " from app.profiles p join app.organizations o using (org_id) order by o.slug, p.email"
        ):
            table.add_row(*row)
    console.print(table)


def add_analyst(email: Email) -> None:
    """Make the person a Postgres log-in and print its connection string, once; again: a new password."""
    with installation() as found:
        admin_url = found.require_admin_url()
        login = analysts.add_analyst(admin_url, email)
        url = url_for(admin_url, login.name, login.password)
        console.print(url, soft_wrap=True, markup=False)
        if found.cluster:
            console.print(
                "The embedded Postgres runs while pgcrm does, and answers on its socket only; "
                "PGCRM_POSTGRES_PORT opens a port on 127.0.0.1 for programs that need one.",
                style="dim",
            )


def remove_analyst(email: Email) -> None:
    """Take the person's Postgres log-in away; sessions end at once."""
    with installation() as found:
        for name in analysts.remove_analyst(found.require_admin_url(), email):
            console.print(f"{name} is gone.", markup=False)


def _check_way_in(chosen: Settings, user_id: UUID | None, password: str | None) -> None:
    if chosen.auth == "supabase" and (user_id is None or password is not None):
        raise LoginError(
            "Passwords are kept by Supabase Auth: invite the person there and give the id with --user-id."
        )


@contextmanager
def _database() -> Iterator[psycopg.Connection]:
    """The administrator's connection, as owner, in a transaction."""
    with (
        installation() as found,
        psycopg.connect(found.require_admin_url()) as connection,
        as_owner(connection),
    ):
        yield connection


def _create_profile(
    connection: psycopg.Connection,
    org: str | None,
    email: str,
    name: str,
    role: str,
    department: str,
    user_id: UUID | None,
) -> UUID:
    """The new person's id. Raises LoginError naming what there is to choose from."""
    found = connection.execute("select slug, org_id from app.organizations order by slug").fetchall()
    slugs: dict[str, UUID] = dict(found)
    if org is None and len(slugs) == 1:
        org = next(iter(slugs))
    if org not in slugs:
        there = ", ".join(slugs) or "none yet: `pgcrm organizations add`"
        raise LoginError(f"Which organisation? --org is one of: {there}")
    roles = [
        row[0] for row in connection.execute("select role_key from app.roles order by role_key").fetchall()
    ]
    if role not in roles:
        raise LoginError(f"There is no role {role}; there are: {', '.join(roles)}")
    departments = connection.execute(
        "select dept_code from app.departments where org_id = %s order by dept_code", [slugs[org]]
    ).fetchall()
    if (department,) not in departments:
        raise LoginError(
            f"There is no department {department}; there are: {', '.join(d for (d,) in departments)}"
        )
    row = connection.execute(
        "select app.create_profile(%s, %s, %s, %s, %s, p_user_id => %s)",
        [slugs[org], email, name, role, department, user_id],
    ).fetchone()
    assert row is not None
    added: UUID = row[0]
    return added
