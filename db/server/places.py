"""Where the files of a cluster live, and who runs its server.

    <home>/lock, users, bell, reaper.lock   locks between pgcrm's processes (lease.py, reaper.py)
    <home>/secrets.json                     generated passwords, 0600
    <base>/pg/                              the data, 0700, the server's user
    <base>/server.log                       the server's log
    <sockets>/.s.PGSQL.<port>               the only way in, folder 0700

`base` is `home`. When root runs pgcrm, the server runs as an unprivileged user; if that user cannot reach
`home` (a private home folder), `base` is a folder of `/var/lib/pgcrm`. No folder that pgcrm did not make is
ever changed.
"""

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from db.server.binaries import SYSTEM, Account, make_folder
from db.server.errors import ServerError

_LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes, macOS 103; clients add a few when they resolve links."""


@dataclass(frozen=True)
class Places:
    home: Path
    base: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.base / "pg"

    @property
    def log(self) -> Path:
        return self.base / "server.log"

    @property
    def lock(self) -> Path:
        """Held while somebody starts or stops the server."""
        return self.home / "lock"

    @property
    def users(self) -> Path:
        """Held, shared, by everybody who uses the server; exclusively only by who holds `lock`."""
        return self.home / "users"

    @property
    def bell(self) -> Path:
        """Held like `users`; the reaper sleeps until it gets it for itself."""
        return self.home / "bell"

    @property
    def reaper_lock(self) -> Path:
        """Held by the process that stops the server when nobody uses it."""
        return self.home / "reaper.lock"


def make_home(home: Path) -> None:
    """Make the folder of an installation, unless it is there. Raises ServerError, saying what to do.

    Root's lets the server's user through to its data; stored files stay private all the same.
    """
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        if make_folder(home, 0o711 if os.geteuid() == 0 else 0o700):
            make_folder(home / "files", 0o700)
    except OSError as error:
        raise ServerError(
            f"{home} cannot be made: {error.strerror}. Choose another folder with PGCRM_HOME."
        ) from None


def arrange(home: Path, *, port: int = 5432, server_user: str | None = None) -> Places:
    """Decide where everything goes and make the folders, all private. `home` is made too.

    Raises ServerError, saying what to do, when no place fits.
    """
    home = Path(os.path.abspath(home))  # noqa: PTH100 - links stay as they were written
    account = _server_account(server_user)
    make_home(home)
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    base = home if account.uid is None else _base_within_reach(home, SYSTEM / mark, account)
    sockets = base / "run"
    if len(os.fsencode(sockets / f".s.PGSQL.{port}")) > _LONGEST_SOCKET_PATH:
        sockets = _short_folder(mark, account)
    if make_folder(sockets, 0o700):
        account.own(sockets)
    _check_private(sockets, account)
    return Places(home, base, sockets, account)


def _server_account(name: str | None) -> Account:
    """Postgres refuses to run as root: pick a user that exists, make none."""
    if os.geteuid() != 0:
        return Account()
    for candidate in [name] if name else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(candidate)
        except KeyError:
            continue
        if entry.pw_uid:
            return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError(
        f"Postgres does not run as root, and there is no user {name or 'postgres or nobody'} to run it as. "
        "Name an unprivileged one with PGCRM_SERVER_USER, or do not run pgcrm as root."
    )


def _base_within_reach(home: Path, fallback: Path, account: Account) -> Path:
    """`home` if the server's user can enter it, else `fallback`; once data exist, wherever they are."""
    if account.can_enter(home):
        return home if (home / "pg").is_dir() or not (fallback / "pg").is_dir() else fallback
    if (home / "pg").is_dir():
        raise ServerError(
            f"The data in {home} are out of reach of the unprivileged user that runs the server. "
            "Let others enter the folders above it again, or move it with PGCRM_HOME."
        )
    make_folder(SYSTEM, 0o755)
    make_folder(fallback, 0o711)
    if not account.can_enter(fallback):
        raise ServerError(
            f"{SYSTEM} is out of reach of the server's user: let others enter it, or do not run as root."
        )
    return fallback


def _short_folder(mark: str, account: Account) -> Path:
    """A folder with a short name for the socket, where the path of `home` is too long for one."""
    if account.uid is not None:
        make_folder(SYSTEM, 0o755)
        return SYSTEM / f"{mark}.run"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir() and len(runtime) < 40:
        return Path(runtime) / f"pgcrm-{mark}"
    temporary = tempfile.gettempdir()
    return Path(temporary if len(temporary) < 40 else "/tmp") / f"pgcrm-{os.geteuid()}-{mark}"  # noqa: S108 - checked


def _check_private(folder: Path, account: Account) -> None:
    """Refuse a socket folder that somebody else made or can enter: passwords would go to their server."""
    found = folder.lstat()
    owner = os.geteuid() if account.uid is None else account.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise ServerError(
            f"{folder} was not made by pgcrm, or others may enter it. Remove it, or set a shorter PGCRM_HOME."
        )
