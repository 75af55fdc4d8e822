"""Documents that people add to something: which types there are, what a file is called, how large it is."""

import hashlib
from collections.abc import Collection
from pathlib import PurePath
from typing import BinaryIO

from bff.problems import FieldError, Problem
from bff.uploads.encodings import PIECE

TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


PICTURES = tuple(suffix for suffix, mime_type in TYPES.items() if mime_type.startswith("image/"))


def named(given: str, code: str, types: Collection[str] = TYPES) -> tuple[str, str]:
    """The file's name without folders, and its type as the end of the name. Raises Problem 415 `code`."""
    name = "".join(c for c in PurePath(given.replace("\\", "/")).name if c.isprintable())[-255:].strip()
    suffix = PurePath(name).suffix.lower()
    if suffix not in types:
        raise refused(415, code, f"Files of these types can be added: {', '.join(types)}.")
    return name, suffix


def measured(file: BinaryIO) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file."""
    checksum, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        checksum.update(piece)
        size += len(piece)
    return size, checksum.hexdigest()


def refused(status: int, code: str, message: str) -> Problem:
    return Problem(status, code, message, errors=[FieldError("file", code, message)])
