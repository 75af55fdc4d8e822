"""The Postgres that a run of the tests works on: a cluster of its own, fast because a crash may lose it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from db.logins import set_password, url_for
from db.server import Cluster
from db.server.binaries import embedded_bin_dir

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "checkpoint_timeout": "1h",
    "shared_buffers": "128MB",
    "max_connections": "100",
}
"""Settings of `postgresql.conf` for data that nobody will miss."""


class Server(Protocol):
    version: int
    """Major version, 15 to 18."""
    bin_dir: Path
    """Where a `psql` is that can reach the server."""

    def admin_url(self, db: str = "postgres") -> str:
        """A superuser's URL."""
        ...

    def url(self, user: str, db: str) -> str:
        """The URL of another log-in, whose password is set by this call."""
        ...


@contextmanager
def running(wanted: str) -> Iterator[Server]:
    """The server that PG asks for, gone at the end. Skips the tests where Docker is wanted and missing."""
    match wanted:
        case "" | "18":
            with _cluster(None) as server:
                yield server
        case "15":
            if not (DEBIAN_15 / "postgres").is_file():
                pytest.exit(
                    "PG=15 needs PostgreSQL 15: apt-get install postgresql-15 postgresql-15-pgtap"
                    " postgresql-15-plpgsql-check libtap-parser-sourcehandler-pgtap-perl",
                    returncode=1,
                )
            with _cluster(DEBIAN_15) as server:
                yield server
        case "container":
            with _container() as server:
                yield server
        case _:
            pytest.exit(f"PG={wanted}: PG is 18, 15 or container", returncode=1)


@dataclass(frozen=True)
class _Local:
    cluster: Cluster
    version: int

    @property
    def bin_dir(self) -> Path:
        return self.cluster.bin_dir

    def admin_url(self, db: str = "postgres") -> str:
        return self.cluster.admin_url(db)

    def url(self, user: str, db: str) -> str:
        with psycopg.connect(self.admin_url(db)) as connection:
            set_password(connection, user, self.cluster.password(user))
        return self.cluster.url(user, db)


@contextmanager
def _cluster(bin_dir: Path | None) -> Iterator[Server]:
    # Not pytest's own folder: as root the server runs as a user who cannot enter that.
    folder = Path(tempfile.mkdtemp(prefix="pgcrm-tests-", dir="/tmp"))
    folder.chmod(0o755)
    cluster = Cluster(folder / "home", bin_dir=bin_dir, conf=FAST)
    try:
        cluster.start()
        with psycopg.connect(cluster.admin_url()) as connection:
            version = connection.info.server_version // 10000
        yield _Local(cluster, version)
    finally:
        cluster.destroy()
        shutil.rmtree(folder)


@dataclass(frozen=True)
class _Remote:
    admin: str
    version: int
    bin_dir: Path

    def admin_url(self, db: str = "postgres") -> str:
        known = psycopg.conninfo.conninfo_to_dict(self.admin)
        return url_for(f"{self.admin.rpartition('/')[0]}/{db}", str(known["user"]), str(known["password"]))

    def url(self, user: str, db: str) -> str:
        with psycopg.connect(self.admin_url(db)) as connection:
            set_password(connection, user, "of the container")
        return url_for(self.admin_url(db), user, "of the container")


@contextmanager
def _container() -> Iterator[Server]:
    image = os.environ.get("PGCRM_TEST_IMAGE", "postgres:17")
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode:
        pytest.skip("PG=container needs Docker, which does not run here")
    from testcontainers.community.postgres import PostgresContainer

    container = PostgresContainer(image, driver=None).with_command(
        ["postgres", *(f"--{name}={value}" for name, value in FAST.items())]
    )
    container.start()
    try:
        admin = container.get_connection_url()
        with psycopg.connect(admin) as connection:
            version = connection.info.server_version // 10000
        yield _Remote(admin, version, embedded_bin_dir())
    finally:
        container.stop()
