"""Generated secrets of an installation, in `secrets.json`, readable by its user alone."""

import json
import os
import secrets
from pathlib import Path

from db.server.errors import ServerError
from db.server.locks import locked

FILE_NAME = "secrets.json"


def secret(home: Path, name: str) -> str:
    """The secret called `name` (url-safe, 256 bits), made on first use. Safe between processes.

    `home` must exist. Raises ServerError when the file is damaged or belongs to somebody else.
    """
    path = home / FILE_NAME
    kept = _read(path)
    if name not in kept:
        with locked(home / "secrets.lock"):
            kept = _read(path)
            if name not in kept:
                kept[name] = secrets.token_urlsafe(32)
                _write(path, kept)
    return kept[name]


def is_kept(home: Path, name: str) -> bool:
    """Whether `name` has been made before."""
    return name in _read(home / FILE_NAME)


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ServerError(f"{path} cannot be read: {error}") from None
    if not isinstance(kept, dict):
        raise ServerError(f"{path} is damaged: a JSON object was expected")
    return kept


def _write(path: Path, kept: dict[str, str]) -> None:
    """Replace the file at once: a crash leaves the old one or the new one, never half of it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
