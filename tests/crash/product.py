"""The product as `pgcrm serve` runs it, with the Postgres it brings along, and ways to kill its parts.

Unlike the server of other tests this one has the product's own settings: it must survive.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from db.installation import DATABASE
from db.server import Cluster
from tests.support.serving import PATIENCE, begun, ready

SETTINGS = {"PGCRM_MAX_UPLOAD_BYTES": str(256 * 1024 * 1024), "PGCRM_ACCESS_TOKEN_SECONDS": "86400"}


class Product:
    """`pgcrm serve` in a home of its own.

    The methods that kill return when the part is dead; `recover` brings back what does not come by itself.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = Cluster(home)
        self.url = ""
        self.up = threading.Event()
        """Whether the product is thought to be whole."""
        self._connection: psycopg.Connection | None = None
        self._serve: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._serve = begun(self.home, **SETTINGS)
        self.url = ready(self._serve, self.home)
        self.cluster.start()  # one more user: Postgres stays when the BFF alone is killed
        self.up.set()

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self.cluster.stop()
        if self._serve is not None:
            self._serve.terminate()
            self._serve.wait(30)

    def admin_url(self) -> str:
        return self.cluster.admin_url(DATABASE)

    def read(self, query: str, *arguments: Any) -> list[tuple[Any, ...]] | None:
        """What an administrator reads; None while Postgres is down."""
        for _ in range(2):  # the connection may be one to a server that is gone
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(self.admin_url(), autocommit=True)
                return self._connection.execute(query, arguments).fetchall()
            except psycopg.OperationalError:
                if self._connection is not None:
                    self._connection.close()
                self._connection = None
        return None

    # Violence

    def kill_bff(self) -> None:
        """The BFF alone: what it was doing in Postgres finds nobody to answer."""
        assert self._serve is not None
        children = psutil.Process(self._serve.pid).children(recursive=True)
        self.up.clear()
        self._serve.kill()
        self._serve.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive, f"processes of the BFF outlived it: {alive}"

    def kill_bff_with_the_last_user(self) -> None:
        """The BFF as the only user of Postgres, which therefore is shut down after it."""
        self.cluster.stop()
        self.kill_bff()

    def kill_postgres(self) -> None:
        """Every process of Postgres, as when the machine fails."""
        postmaster = psutil.Process(self.cluster.status().pid)
        self.up.clear()
        postmaster.suspend()  # so that it makes no more of them
        family = [*postmaster.children(recursive=True), postmaster]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def kill_backend(self) -> None:
        """One server process that works for the BFF: Postgres then ends all and recovers by itself."""
        busy = self.read(
            "select pid from pg_stat_activity where usename = 'pgcrm_bff'"
            " order by state = 'active' desc, xact_start is null, xact_start desc limit 1"
        )
        if not busy:
            return self.kill_postgres()
        self.up.clear()
        with suppress(psutil.NoSuchProcess):
            psutil.Process(busy[0][0]).kill()
        return None

    def recover(self) -> None:
        """Start what was killed, unless it starts by itself; returns when the product answers again."""
        assert self._serve is not None
        if self._serve.poll() is not None:
            self._serve = begun(self.home, **SETTINGS)
            self.url = ready(self._serve, self.home)
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    break
            assert time.monotonic() < deadline, (
                f"it did not recover:\n{(self.home / 'serve.log').read_text()}"
            )
            time.sleep(0.02)
        self.cluster.start()
        self.up.set()


@contextmanager
def running(home: Path) -> Iterator[Product]:
    """The product, whole, and gone afterwards."""
    home.mkdir(mode=0o711)
    (home / "files").mkdir(mode=0o700)
    product = Product(home)
    try:
        product.start()
        yield product
    finally:
        product.stop()
