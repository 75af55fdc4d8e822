"""What is wrong with an installation, in plain words: the checks behind `pgcrm doctor`.

Each check yields findings; one that cannot go on makes the later ones silent where they depend on it. Nothing
is changed by looking, but an embedded server that is stopped is started for the while.
"""

import asyncio
import importlib.util
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg.rows import namedtuple_row

from db.installation import BFF, DATABASE, WORKER, Installation, opened
from db.logins import as_owner
from db.migrate.applied import recorded
from db.migrate.stages import Tree
from db.paths import MIGRATIONS, STORAGE_BUCKETS
from db.server import ServerError
from db.server.binaries import Account, embedded_bin_dir, major_version
from db.server.locks import is_locked
from db.settings import Settings, SettingsError

MODULES = ("alembic", "argon2", "asyncpg", "jwt", "pglast", "psycopg", "starlette", "supabase", "uvicorn")
CLOCK_TOLERANCE = 5.0  # seconds between this machine's clock and the server's
POOLER_PORTS = (6432, 6543)  # where PgBouncer and Supavisor listen unless told otherwise
LOW_DISK = 1_000_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    grade: Literal["ok", "note", "fault"]
    text: str


def ok(text: str) -> Finding:
    return Finding("ok", text)


def note(text: str) -> Finding:
    return Finding("note", text)


def fault(text: str) -> Finding:
    return Finding("fault", text)


def examine() -> Iterator[Finding]:
    """All findings, in the order in which one would mend them."""
    yield from _python()
    try:
        settings = Settings.load()
    except SettingsError as error:
        for line in str(error).splitlines():
            yield fault(line)
        return
    yield from _machine(settings)
    if settings.embedded:
        yield from _programs()
        if not (settings.home / "secrets.json").exists():
            yield note(f"There is no database in {settings.home} yet: `pgcrm serve` makes it.")
            return
    try:
        with opened(settings) as found:
            yield from _database(found)
    except (ServerError, psycopg.Error, OSError) as error:
        yield fault(f"The database cannot be used: {error}")
    yield from _storage(settings)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    missing = [name for name in MODULES if importlib.util.find_spec(name) is None]
    if missing:
        yield fault(f"Python packages are missing: {', '.join(missing)}. Install pgcrm again (`make run`).")
    else:
        yield ok(f"Python {version} with all packages")
    if not (MIGRATIONS / "env.py").is_file() or not STORAGE_BUCKETS.is_file():
        yield fault(f"The SQL of pgcrm is not where it should be: {MIGRATIONS}.")


def _machine(settings: Settings) -> Iterator[Finding]:
    existing = settings.home.absolute()
    while not existing.exists():
        existing = existing.parent
    free = shutil.disk_usage(existing).free
    if free < LOW_DISK:
        yield fault(f"Only {free // 1_000_000} MB are free on the disk of {settings.home}.")
    if is_locked(settings.home / "serve.lock"):
        yield ok("pgcrm is serving from this folder")
    else:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        try:
            socket.create_server((settings.host, settings.port), family=family).close()
        except OSError as error:
            yield fault(
                f"{settings.host}:{settings.port} cannot be listened on: {error.strerror} (PGCRM_PORT)."
            )
        else:
            yield ok(f"{settings.host}:{settings.port} is free")
    if settings.host not in ("127.0.0.1", "::1", "localhost"):
        yield note(f"PGCRM_HOST={settings.host} is reachable from other machines: put TLS in front.")
    if settings.auth == "local" and settings.supabase_url:
        yield note(
            "Files are in Supabase, log-ins are pgcrm's own: set PGCRM_AUTH=supabase if that is not meant."
        )
    if settings.supabase_storage_url and not settings.supabase_url:
        yield fault("SUPABASE_STORAGE_URL is set without SUPABASE_URL: it has no effect.")


def _programs() -> Iterator[Finding]:
    try:
        version = major_version(embedded_bin_dir(), Account())
    except ServerError as error:
        yield fault(str(error))
    else:
        yield ok(f"The embedded Postgres is version {version}")


def _database(found: Installation) -> Iterator[Finding]:
    if found.admin_url:
        with psycopg.connect(found.admin_url, row_factory=namedtuple_row, connect_timeout=10) as connection:
            yield from _server(connection)
            yield from _schema(connection)
            yield from _administrator(connection)
    else:
        yield note("DATABASE_ADMIN_URL is not set: the schema cannot be examined, and `migrate` cannot run.")
    if found.url is None:
        yield note("DATABASE_URL is not set: `pgcrm migrate` prints the one to use.")
    else:
        yield from _bff_login(found.url)
    yield from _worker_login(found)


def _server(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    before = time.time()
    row = connection.execute(
        "select current_setting('server_version_num')::int as number,"
        " current_setting('server_version') as version, current_setting('server_encoding') as encoding,"
        " current_setting('fsync') as fsync, extract(epoch from clock_timestamp())::float8 as now"
    ).fetchone()
    assert row is not None
    if 150000 <= row.number < 190000:
        yield ok(f"The server is PostgreSQL {row.version}")
    else:
        yield fault(f"The server is PostgreSQL {row.version}; pgcrm runs on 15 to 18.")
    skew = row.now - (before + time.time()) / 2
    if abs(skew) > CLOCK_TOLERANCE:
        yield fault(f"The server's clock is {skew:+.0f} s off this machine's: tokens will be refused.")
    if row.encoding != "UTF8":
        yield fault(f"The database's encoding is {row.encoding}; it must be made with UTF8.")
    if row.fsync != "on":
        yield fault("fsync is off: a power cut can destroy this database.")


def _schema(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    if connection.execute("select to_regclass('app.applied_files') is null as missing").fetchone().missing:  # type: ignore[union-attr]
        yield fault("The database is empty of pgcrm: `pgcrm migrate`.")
        return
    with as_owner(connection):
        applied = {path: row.checksum for path, row in recorded(connection).items()}
    files = {file.path: file.checksum for file in Tree.read().files}
    differing = sorted(dict(applied.items() ^ files.items()))
    if differing:
        yield fault(
            f"{len(differing)} SQL files differ from the database, {differing[0]} first: `pgcrm migrate`."
        )
    else:
        yield ok(f"The schema is that of the {len(files)} SQL files")
    for role in connection.execute(
        "select rolname as name, rolsuper as is_super, rolbypassrls as bypasses, rolcanlogin as can_log_in"
        " from pg_catalog.pg_roles where rolname = any (%s) order by rolname",
        [["pgcrm_owner", BFF, "pgcrm_worker", "pgcrm_gateway", "anon", "authenticated", "analyst"]],
    ).fetchall():
        if role.is_super or role.bypasses:
            yield fault(
                f"The role {role.name} is above row security: alter role {role.name} nosuperuser nobypassrls"
            )
        if role.name == "pgcrm_owner" and role.can_log_in:
            yield fault("pgcrm_owner can log in: alter role pgcrm_owner nologin")


def _administrator(connection: psycopg.Connection[Any]) -> Iterator[Finding]:
    row = connection.execute(
        "select current_user as name, rolsuper or rolcreaterole as can_make_roles,"
        " not exists (select from pg_catalog.pg_roles o where o.rolname = 'pgcrm_owner'"
        " and not pg_has_role(current_user, o.oid, 'member')) as is_owner"
        " from pg_catalog.pg_roles where rolname = current_user"
    ).fetchone()
    assert row is not None
    if not row.can_make_roles:
        yield fault(f"DATABASE_ADMIN_URL: {row.name} may not make roles; it needs superuser or createrole.")
    elif not row.is_owner:
        yield fault(
            f"DATABASE_ADMIN_URL: {row.name} is no member of pgcrm_owner: grant pgcrm_owner to {row.name}"
        )
    else:
        yield ok(f"The administrator is {row.name}")


def _bff_login(url: str) -> Iterator[Finding]:
    """What the BFF needs to be able to do, and what it must not be able to do."""
    try:
        connection: psycopg.Connection[Any] = psycopg.connect(
            url, row_factory=namedtuple_row, connect_timeout=10
        )
    except psycopg.OperationalError as error:
        yield fault(f"The BFF cannot log in: {str(error).strip()}. `pgcrm migrate` renews its password.")
        return
    with connection:
        who = connection.execute(
            "select session_user as name, rolsuper or rolbypassrls as is_above, rolinherit as inherits"
            " from pg_catalog.pg_roles where rolname = session_user"
        ).fetchone()
        assert who is not None
        if who.is_above:
            yield fault(f"DATABASE_URL: {who.name} is above row security. The BFF must log in as {BFF}.")
            return
        try:
            connection.execute("select app.enter(%s)", [uuid4()])
        except psycopg.Error as error:
            if error.sqlstate != "PT401":  # nobody has this id, so being refused is the right answer
                yield fault(
                    f"The BFF ({who.name}) cannot enter: {str(error).strip()}. `pgcrm migrate` grants it."
                )
                return
        connection.rollback()
        try:
            connection.execute("set local role authenticated")
        except psycopg.Error as error:
            yield fault(f"The BFF ({who.name}) cannot act for people: {str(error).strip()}")
            return
    yield ok(f"The BFF logs in as {who.name} and can enter")


def _worker_login(found: Installation) -> Iterator[Finding]:
    """Whether somebody here can send events and run jobs, and whether somebody does."""
    url = found.settings.database_worker_url
    if url is None and found.cluster:
        url = found.cluster.url(WORKER, DATABASE)
    if url is None:
        yield note(
            "DATABASE_WORKER_URL is not set: from here no events are sent, no jobs run and GET /api/events "
            "is off. `pgcrm migrate` prints it where it prints DATABASE_URL."
        )
        return
    if urlsplit(url).port in POOLER_PORTS:
        yield note(
            "DATABASE_WORKER_URL seems to lead to a pooler. One in transaction mode forgets who listens: "
            "events would be sent, and nobody hear them. Use the server's own port."
        )
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("select app.job_overview()").fetchone()
    except psycopg.OperationalError as error:
        yield fault(f"The worker cannot log in: {str(error).strip()}. `pgcrm migrate` renews its password.")
        return
    except psycopg.Error as error:
        yield fault(f"The worker cannot work: {str(error).strip()}. `pgcrm migrate` grants it.")
        return
    assert row is not None
    overview: dict[str, Any] = row[0]
    yield ok("The worker can log in, send events and run jobs")
    if not overview["leases"] and overview["unsent_events"]:
        yield note(
            f"Nobody sends events at this moment, and {overview['unsent_events']} wait: "
            "`pgcrm serve` with PGCRM_JOBS=on does it, or `pgcrm jobs run`."
        )
    if dead := sum(work["state"] == "dead" for work in overview["queue"]):
        yield fault(f"{dead} pieces of queued work have failed for good: `pgcrm jobs list` says why.")


def _storage(settings: Settings) -> Iterator[Finding]:
    from bff.storage import StorageUnavailable

    try:
        names = asyncio.run(_try_buckets(settings))
    except (StorageUnavailable, OSError) as error:
        yield fault(f"Files cannot be stored: {error}. `pgcrm buckets sync` makes the buckets.")
    else:
        where = settings.supabase_url or settings.files_folder
        yield ok(f"Files can be stored in {where} ({', '.join(names)})")


async def _try_buckets(settings: Settings) -> list[str]:
    """Write, find and delete a small object in each bucket."""
    from bff.storage import load_buckets, make_storage

    storage = make_storage(settings)
    try:
        for name, bucket in load_buckets().items():
            path = f"doctor/{uuid4().hex}"
            await storage.put(name, path, BytesIO(b"pgcrm doctor"), bucket.mime_types[0])
            if not await storage.exists(name, path):
                raise OSError(f"what was written to {name} is not there")
            await storage.delete(name, path)
        return list(load_buckets())
    finally:
        await storage.close()
