"""One Postgres cluster of our own: made on first use, shared by all who need it, gone with the last of them.

    with Cluster(Path(".pgcrm")) as cluster:
        psycopg.connect(cluster.admin_url("pgcrm"))

Any number of processes may do this at once. The first one starts the server, the last one to leave stops it,
and being killed counts as leaving (`reaper.py`). What a crash left behind is cleared up by the next start.
"""

import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from db.server import configuration, process
from db.server.binaries import embedded_bin_dir, major_version, reachable_bin_dir
from db.server.errors import ServerError
from db.server.lease import Lease
from db.server.locks import is_locked, locked, wait_until_free
from db.server.places import Places, arrange
from db.server.secrets import is_kept, secret

ADMIN = "pgcrm_admin"
"""The cluster's superuser."""


@dataclass(frozen=True)
class Status:
    running: bool
    pid: int | None
    in_use: bool
    """Whether any pgcrm process uses the server."""
    data: Path


class Cluster:
    """The server whose files are in `home`.

    `bin_dir`: Postgres programs, 15 to 18; default: the wheel's. `conf`: settings of `postgresql.conf` on top
    of ours. `port`: also listen on 127.0.0.1 there; default: only on the private socket. `server_user`: who
    runs the server when we are root. `log` is told, in plain words, when something takes long.
    Objects may be shared by threads.
    """

    def __init__(
        self,
        home: Path,
        *,
        bin_dir: Path | None = None,
        conf: Mapping[str, str] | None = None,
        port: int | None = None,
        server_user: str | None = None,
        log: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._listen = port is not None
        self._port = port or 5432
        self._wanted_bin_dir = bin_dir
        self._conf = dict(conf or {})
        self._log = log
        self.places: Places = arrange(home, port=self._port, server_user=server_user)
        self._mutex = threading.Lock()
        self._lease: Lease | None = None

    # Life

    def start(self, *, timeout: float = 3600) -> None:
        """See to it that the server runs and that we count among its users. Does nothing when that is so.

        `timeout`: seconds for recovery after a crash, which can be long. Raises ServerError.
        """
        with self._mutex, locked(self.places.lock):
            lease = self._lease or Lease(self.places)
            try:
                if not process.is_ready(self.places.data):
                    self._launch(timeout)
                self._start_reaper()
            except BaseException:
                lease.close()
                self._lease = None
                raise
            self._lease = lease

    def stop(self) -> None:
        """Stop using the server, and stop it unless others use it. Returns when that is done."""
        with self._mutex:
            if self._lease is None:
                return
            self._lease.close()
            self._lease = None
        with locked(self.places.lock):
            last = not is_locked(self.places.users)
            if last:
                self._shut_down()
        if last:
            wait_until_free(self.places.reaper_lock, seconds=5)

    def stop_for_all(self) -> bool:
        """Stop the server, whoever uses it. False: none was running."""
        with locked(self.places.lock):
            found = self._shut_down()
        self.stop()
        return found

    def destroy(self) -> None:
        """Stop the server for all and delete its data; this object is of no use afterwards. Secrets stay."""
        self.stop_for_all()
        places = self.places
        with locked(places.lock):
            for folder in (
                places.data,
                places.sockets,
                *([places.base] if places.base != places.home else []),
            ):
                shutil.rmtree(folder, ignore_errors=True)
            places.log.unlink(missing_ok=True)

    def is_running(self) -> bool:
        return process.is_ready(self.places.data)

    def status(self) -> Status:
        server = process.postmaster(self.places.data)
        return Status(
            server is not None, server.pid if server else None, is_locked(self.places.users), self.places.data
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Ways in

    def url(self, user: str, dbname: str) -> str:
        """A URL for libpq and asyncpg, with the generated password of `user`."""
        who = f"{quote(user, safe='')}:{quote(self.password(user), safe='')}"
        where = f"host={quote(str(self.places.sockets), safe='')}&port={self._port}"
        return f"postgresql://{who}@/{quote(dbname, safe='')}?{where}"

    def admin_url(self, dbname: str = "postgres") -> str:
        """A superuser's URL."""
        return self.url(ADMIN, dbname)

    def password(self, user: str) -> str:
        """The generated password kept for the log-in `user`; telling the server is up to the caller."""
        return secret(self.places.home, f"password of {user}")

    @property
    def bin_dir(self) -> Path:
        """The programs, where the server's user can run them."""
        return reachable_bin_dir(self._wanted_bin_dir or embedded_bin_dir(), self.places.account)

    # How it is done; all of it under `places.lock`

    def _launch(self, timeout: float) -> None:
        places, bin_dir = self.places, self.bin_dir
        version = major_version(bin_dir, places.account)
        known = is_kept(places.home, f"password of {ADMIN}")
        password = self.password(ADMIN)
        if process.postmaster(places.data) is None:
            self._clear_up_after_crash()
            if (places.data / "PG_VERSION").is_file():
                configuration.check_version(places, version)
                configuration.write(places, self._conf)
                if not known:
                    configuration.set_password(places, bin_dir, ADMIN, password)
            else:
                self._log("Making the database cluster ...")
                configuration.initialise(places, bin_dir, version, ADMIN, password, self._conf)
                configuration.write(places, self._conf)
        self._run_pg_ctl(bin_dir, timeout)

    def _run_pg_ctl(self, bin_dir: Path, timeout: float) -> None:
        """Start the server and wait for it; a server that is still recovering is waited for."""
        places = self.places
        forced = {
            # On the command line, where `alter system` cannot override them.
            "listen_addresses": "127.0.0.1" if self._listen else "",
            "port": str(self._port),
            "unix_socket_directories": str(places.sockets),
            "unix_socket_permissions": "0700",
        }
        options = shlex.join(part for name, value in forced.items() for part in ("-c", f"{name}={value}"))
        configuration.prepare_log(places)
        slow = threading.Timer(
            5, self._log, ["Postgres is recovering from a crash; this can take a while ..."]
        )
        slow.daemon = True
        slow.start()
        try:
            done = places.account.run(
                *(bin_dir / "pg_ctl", "start", "--silent", "--wait", "--timeout", str(int(timeout))),
                # Relative, because pg_ctl builds a shell command and quotes paths badly.
                *("--pgdata", places.data.name, "--log", places.log.name, "--options", options),
                cwd=places.base,
            )
        finally:
            slow.cancel()
        if not process.is_ready(places.data):
            end = configuration.tail(places.log)
            raise ServerError(f"Postgres did not start. The end of {places.log}:\n{end}\n{done.stderr}")

    def _clear_up_after_crash(self) -> None:
        """Make way for a new server where one was killed: its last children, its pid file."""
        places = self.places
        pid_file = places.data / "postmaster.pid"
        if not pid_file.exists():
            return
        deadline = time.monotonic() + 10
        while left := process.orphans(places.data):
            if time.monotonic() > deadline:
                for orphan in left:
                    process.end(orphan, seconds=0)
            time.sleep(0.05)
        if process.answers(places.sockets, self._port):
            raise ServerError(
                f"A server that cannot be seen from here runs on {places.data}, "
                "perhaps in another container. Stop it there."
            )
        # Its pid may by now belong to any program of the same user, or to a zombie that nobody collects, and
        # Postgres would then refuse to start.
        pid_file.unlink()
        (places.sockets / f".s.PGSQL.{self._port}.lock").unlink(missing_ok=True)

    def _start_reaper(self) -> None:
        """Put a reaper on duty for this server, unless one is. Returns when it holds its lock."""
        places = self.places
        subprocess.run(
            [
                *(sys.executable, "-m", "db.server.reaper"),
                *(places.lock, places.users, places.bell, places.reaper_lock, places.data),
            ],
            cwd=Path(__file__).parents[2],  # `-m` must find this package in a checkout, too
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _shut_down(self) -> bool:
        server = process.postmaster(self.places.data)
        if server:
            process.end(server)
        return server is not None
