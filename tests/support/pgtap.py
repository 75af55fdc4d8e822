"""pgTAP and pg_prove: found on this machine, or fetched from Debian's packages without root."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

REPOSITORY = Path(__file__).parents[2]
FETCHED = REPOSITORY / ".pgcrm" / "cache" / "pgtap"
PACKAGES = ("postgresql-15-pgtap", "libtap-parser-sourcehandler-pgtap-perl")


def install(admin_url: str, bin_dir: Path) -> None:
    """Make pgTAP in schema `tap` of a database, from its plain SQL: the server needs no files of it."""
    done = subprocess.run(
        [
            *(bin_dir / "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--command=create schema tap", "--command=set local search_path = tap"),
            f"--file={_extension()}",
        ],
        env=environment(admin_url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"pgTAP could not be installed:\n{done.stderr}", pytrace=False)


def prove(file: Path, admin_url: str, bin_dir: Path) -> tuple[bool, str]:
    """Run one file of sql_tests: whether it passed, and what it said."""
    done = subprocess.run(
        [*_pg_prove(), "--psql-bin", bin_dir / "psql", "--verbose", "--nocolor", file],
        env=environment(admin_url) | {"PGOPTIONS": "--search_path=tap,public --client_min_messages=warning"},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def environment(url: str) -> dict[str, str]:
    """Ours, with the variables by which libpq's programs find the database behind `url`."""
    names = {
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "host": "PGHOST",
        "port": "PGPORT",
        "dbname": "PGDATABASE",
    }
    return {**os.environ, **{names[key]: str(value) for key, value in conninfo_to_dict(url).items()}}


@cache
def _extension() -> Path:
    """pgTAP as one SQL file: `pgtap--1.2.0.sql`."""
    for root in (Path("/usr/share/postgresql"), FETCHED / "usr/share/postgresql"):
        if root == FETCHED / "usr/share/postgresql":
            _fetch()
        found = [f for f in root.glob("*/extension/pgtap--*.sql") if f.stem.count("--") == 1]
        if found:
            return max(found)
    pytest.fail(f"{PACKAGES[0]} has no pgtap--<version>.sql", pytrace=False)


@cache
def _pg_prove() -> tuple[str, ...]:
    installed = shutil.which("pg_prove")
    if installed:
        return (installed,)
    _fetch()
    return ("perl", f"-I{FETCHED / 'usr/share/perl5'}", str(FETCHED / "usr/bin/pg_prove"))


@cache
def _fetch() -> None:
    """Unpack the packages into .pgcrm/cache, where the next run finds them."""
    if FETCHED.is_dir():
        return
    half = FETCHED.with_name(f"{FETCHED.name}.{os.getpid()}")
    (REPOSITORY / ".pgcrm").mkdir(mode=0o711, exist_ok=True)  # as pgcrm itself makes it
    half.mkdir(parents=True)
    try:
        subprocess.run(
            ["apt-get", "download", "--quiet", *PACKAGES], cwd=half, check=True, capture_output=True
        )
        for package in half.glob("*.deb"):
            subprocess.run(["dpkg-deb", "--extract", package, half], check=True, capture_output=True)
        half.rename(FETCHED)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = getattr(error, "stderr", b"") or str(error).encode()
        pytest.fail(
            f"pgTAP is missing and could not be fetched: apt-get install {' '.join(PACKAGES)}\n"
            + reason.decode(errors="replace"),
            pytrace=False,
        )
    finally:
        shutil.rmtree(half, ignore_errors=True)
