"""Passwords of the log-ins that programs use. People's log-ins are db/analysts.py and db/credentials.py."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from psycopg import Connection, OperationalError, connect, sql
from psycopg.conninfo import conninfo_to_dict

from db.installation import BFF, WORKER, Installation
from db.server import secret
from db.server.places import make_home


def open_bff_login(installation: Installation) -> str:
    """See to it that the BFF can log in, and return its URL. Needs the administrator.

    Without DATABASE_URL the password is generated and kept in PGCRM_HOME. With it, `pgcrm_bff` is given the
    password that stands there, if that one does not work yet. Raises psycopg.Error.
    """
    admin_url = installation.require_admin_url()
    url = installation.url or _derived_url(installation, admin_url, BFF)
    _open(admin_url, url, BFF)
    return url


def open_worker_login(installation: Installation) -> str | None:
    """The worker's URL, as open_bff_login's: DATABASE_WORKER_URL, or derived where the BFF's is ours to make.

    None: who brings a DATABASE_URL and no DATABASE_WORKER_URL keeps log-ins in their own hands. Raises
    psycopg.Error.
    """
    url = installation.settings.database_worker_url
    admin_url = installation.admin_url
    if admin_url is None:
        return url
    if url is None:
        if installation.cluster is None and installation.url is not None:
            return None
        url = _derived_url(installation, admin_url, WORKER)
    _open(admin_url, url, WORKER)
    return url


def can_log_in(url: str) -> bool:
    """Whether a connection can be made."""
    try:
        connect(url, connect_timeout=10).close()
    except OperationalError:
        return False
    return True


def set_password(connection: Connection, login: str, password: str) -> None:
    """Give a log-in its password, inside the open transaction. Only the scram verifier travels."""
    # Two at once would fail with "tuple concurrently updated".
    connection.execute("select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pgcrm log-ins'))")
    verifier = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(verifier.decode()))
    )


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """Be `pgcrm_owner` for a while, inside the open transaction: on managed servers the administrator is not
    above row security, and whatever it makes must belong to the owner."""
    connection.execute("set local role pgcrm_owner")
    yield
    connection.execute("set local role none")


def url_for(url: str, login: str, password: str) -> str:
    """`url`'s server and database for another log-in, in a form that libpq and asyncpg both understand.

    Supabase's pooler wants `login.project`: a project in `url` goes along.
    """
    known = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    _, dot, project = known.pop("user", "").partition(".")
    known.pop("password", None)
    host, port, dbname = (known.pop(key, "") for key in ("host", "port", "dbname"))
    place = f"{host}:{port}" if port else host
    if host.startswith("/"):  # a socket's folder
        place, known = "", {"host": host, **({"port": port} if port else {}), **known}
    query = f"?{urlencode(known, quote_via=quote)}" if known else ""
    who = f"{quote(f'{login}{dot}{project}', safe='')}:{quote(password, safe='')}"
    return f"postgresql://{who}@{place}/{quote(dbname, safe='')}{query}"


def _open(admin_url: str, url: str, login: str) -> None:
    """Give `login` the password that stands in `url`, if that one does not work yet."""
    wanted = conninfo_to_dict(url)
    password = wanted.get("password")
    if _role_of(wanted.get("user")) == login and isinstance(password, str) and not can_log_in(url):
        with connect(admin_url) as connection:
            set_password(connection, login, password)


def _derived_url(installation: Installation, admin_url: str, login: str) -> str:
    """The administrator's URL with a log-in's name and a generated password in it."""
    home = installation.settings.home
    make_home(home)
    return url_for(admin_url, login, secret(home, f"password of {login}"))


def _role_of(user: object) -> str:
    """The role behind a pooler's `role.project`."""
    return str(user or "").partition(".")[0]
