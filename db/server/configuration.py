"""Making a data folder and writing its configuration, while no server runs on it."""

import locale
import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path

import psutil

from db.server.binaries import Account, make_folder
from db.server.errors import ServerError
from db.server.places import Places

DEFAULTS: Mapping[str, str] = {
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "checkpoint_timeout": "15min",
    # pglz, the one kind that is always built in, takes longer than all the rest of a write to scattered rows.
    "wal_compression": "off",
    # Writing zeros first into each new segment took a tenth of a large import.
    "wal_init_zero": "off",
    "wal_buffers": "64MB",
    # Pages that a large import leaves are written by the process for it, not by the one that needs the space.
    "bgwriter_delay": "50ms",
    "bgwriter_lru_maxpages": "1000",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "100",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, mdy",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %u ",
    "log_checkpoints": "off",
    # A refused request is no event for the log, and the text of a statement may hold somebody's data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

_HBA = """\
# Written by pgcrm at every start. A password is asked for everywhere.
local  all  all                scram-sha-256
host   all  all  127.0.0.1/32  scram-sha-256
"""

_LARGEST_LOG = 16 * 1024 * 1024  # bytes; one older log is kept


def initialise(
    places: Places, bin_dir: Path, version: int, admin: str, password: str, conf: Mapping[str, str]
) -> None:
    """Make the data folder, whole or not at all. UTF-8, sorting by code point, checksums, scram passwords."""
    half, account = places.base / "pg.new", places.account
    _check_has_name(os.geteuid() if account.uid is None else account.uid)
    shutil.rmtree(half, ignore_errors=True)  # an earlier attempt was interrupted
    make_folder(half, 0o700)
    account.own(half)
    password_file = places.sockets / "password"
    _write(password_file, password, account)
    provider = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if version >= 17 else ()
    try:
        done = account.run(
            *(bin_dir / "initdb", "--pgdata", half, "--username", admin, "--pwfile", password_file),
            *("--auth=scram-sha-256", "--data-checksums", "--no-instructions"),
            *("--encoding=UTF8", "--locale", _c_utf8(), *provider),
            *(("--no-sync",) if conf.get("fsync") == "off" else ()),
        )
    finally:
        password_file.unlink()
    if done.returncode:
        shutil.rmtree(half, ignore_errors=True)
        raise ServerError(f"The database cluster could not be made in {places.base}.\n{done.stderr.strip()}")
    half.rename(places.data)


def write(places: Places, conf: Mapping[str, str]) -> None:
    """Write `postgresql.conf` and `pg_hba.conf`. What `alter system` has set stays and wins."""
    settings = {
        **DEFAULTS,
        "shared_buffers": _shared_buffers(),
        "max_wal_size": _max_wal_size(places.data),
        **conf,
    }
    lines = ["# Written by pgcrm at every start. Lasting changes: alter system set ...\n"]
    lines += [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    _write(places.data / "postgresql.conf", "".join(lines), places.account)
    _write(places.data / "pg_hba.conf", _HBA, places.account)


def _shared_buffers() -> str:
    """A quarter of the machine's memory, from 128 MB to 8 GB; none of it is taken before it is used.

    6 GB hold the records and indexes of five million members; with 4, handing some out took a tenth longer.
    """
    megabytes = psutil.virtual_memory().total // 4 // 1024**2
    return f"{max(128, min(8192, megabytes))}MB"


def _max_wal_size(data: Path) -> str:
    """A tenth of the disk that is free, from 1 to 8 GB.

    A checkpoint in the middle of a large import makes every page be logged whole once more; a file of 200,000
    leads writes 3 GB, and a checkpoint begins at half of this.
    """
    megabytes = shutil.disk_usage(data).free // 10 // 1024**2
    return f"{max(1024, min(8192, megabytes))}MB"


def check_version(places: Places, version: int) -> None:
    """Refuse programs of another major version than the data."""
    made_by = (places.data / "PG_VERSION").read_text().strip()
    if made_by != str(version):
        raise ServerError(
            f"The data in {places.data} were made by PostgreSQL {made_by}, the programs are {version}. "
            "Dump them with the old programs and restore, or choose another folder with PGCRM_HOME."
        )


def set_password(places: Places, bin_dir: Path, role: str, password: str) -> None:
    """Give `role` a new password without logging in, for the case that `secrets.json` was lost."""
    done = places.account.run(
        *(bin_dir / "postgres", "--single", "-D", places.data, "postgres"),
        input=f"alter role {role} password '{password}'\n",
    )
    if done.returncode or "ERROR" in done.stderr:
        raise ServerError(f"The administrator's password could not be renewed.\n{done.stderr.strip()}")


def prepare_log(places: Places) -> None:
    """See to it that the server's user can write its log, and that the log does not grow for ever."""
    if places.log.exists() and places.log.stat().st_size > _LARGEST_LOG:
        places.log.replace(places.log.with_suffix(".log.1"))
    if not places.log.exists():
        _write(places.log, "", places.account)


def tail(log: Path, lines: int = 10) -> str:
    """The last lines of the log."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _write(path: Path, text: str, account: Account) -> None:
    fresh = path.with_name(f"{path.name}.tmp")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    account.own(fresh)
    fresh.replace(path)


def _check_has_name(uid: int) -> None:
    """initdb insists on a name for its user, which in containers is sometimes missing."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise ServerError(
            f"The user {uid} has no name here: Postgres needs a line for it in /etc/passwd. "
            "Add one, or set DATABASE_URL to a server of your own."
        ) from None


def _c_utf8() -> str:
    """The C library's name for the locale; where it has none, `C` (from 17 on sorting is built in)."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
