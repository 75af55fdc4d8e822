"""The buckets of storage_buckets.yaml."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bff.storage.errors import TypeNotAllowed
from db.paths import STORAGE_BUCKETS

_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")

Permission = Annotated[str, Field(pattern=r"^[a-z_]+(\.\*)?:[a-z]+$")]


class Bucket(BaseModel):
    """A bucket: how large and of which types its files are, and which permissions govern them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    max_bytes: Annotated[int, Field(gt=0)]
    mime_types: tuple[str, ...]
    read: Permission
    write: Permission

    def check_type(self, mime_type: str) -> None:
        """Raises TypeNotAllowed."""
        if mime_type not in self.mime_types:
            raise TypeNotAllowed(f"{self.name} does not take {mime_type}")


@dataclass(frozen=True, slots=True)
class Stored:
    """An object of a bucket."""

    path: str
    since: datetime
    """When it was stored, with time zone."""


@cache
def load_buckets() -> dict[str, Bucket]:
    """The buckets by name. Raises pydantic.ValidationError for a file that is not as its head says."""
    described = yaml.safe_load(STORAGE_BUCKETS.read_text())["buckets"]
    return {name: Bucket(name=name, **rules) for name, rules in described.items()}


def checked_path(path: str) -> str:
    """`path`, when every step of it is a plain name: it cannot leave its bucket. Raises ValueError."""
    if len(path) > 500 or not _PATH.fullmatch(path):
        raise ValueError(f"not a path of an object: {path!r}")
    return path
