"""An uploaded file, looked at: its type, size, checksum, and a source of rows.

Faults are problems of the field `file`.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, cast

from starlette.datastructures import UploadFile

from bff.problems import FieldError, Problem
from bff.uploads.csvfile import CsvFile
from bff.uploads.encodings import PIECE, read_through
from bff.uploads.rows import Refused, Source
from bff.uploads.workbook import MIME_TYPES as WORKBOOKS
from bff.uploads.workbook import Workbook

CSV = "text/csv"
MIME_TYPES = {".csv": CSV, **WORKBOOKS}
"""What can be imported, by the end of the name."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose bytes are known to hold rows. `source` is to be closed."""

    name: str
    suffix: str
    file: BinaryIO
    size: int
    sha256: str
    source: Source

    @property
    def mime_type(self) -> str:
        return MIME_TYPES[self.suffix]


def examine(received: UploadFile) -> Received:
    """Read the file as far as is needed to know that it can be staged; blocking. Raises Problem."""
    name, suffix = named(received)
    return opened(received.file, name, suffix)


def opened(file: BinaryIO, name: str, suffix: str) -> Received:
    """The file as `suffix` says it is; blocking. Raises Problem."""
    with as_problem():
        if suffix == ".csv":
            text = read_through(file)
            return Received(name, suffix, file, text.size, text.sha256, CsvFile(file, text))
        size, sha256 = _measured(file)
        return Received(name, suffix, file, size, sha256, Workbook(file, suffix))


def named(received: UploadFile) -> tuple[str, str]:
    """The name that the file has for its uploader, and its type as the end of a name. Raises Problem 415."""
    given = (received.filename or "").replace("\\", "/")
    name = "".join(c for c in PurePath(given).name if c.isprintable())[-255:].strip()
    suffix = PurePath(name).suffix.lower()
    declared = (received.content_type or "").partition(";")[0].strip().lower()
    if suffix == "":
        suffix = next((end for end, mime_type in MIME_TYPES.items() if mime_type == declared), "")
    if suffix not in MIME_TYPES:
        raise refused(
            415, "import.type", f"Only files of these types can be imported: {', '.join(MIME_TYPES)}."
        )
    return name or f"import{suffix}", suffix


@contextmanager
def as_problem() -> Iterator[None]:
    """A fault of the file as the problem that HTTP answers."""
    try:
        yield
    except Refused as fault:
        raise refused(fault.status, fault.code, fault.message) from None


def refused(status: int, code: str, message: str) -> Problem:
    return Problem(status, code, message, errors=[FieldError("file", code, message)])


def spooled() -> BinaryIO:
    """A file for a copy: in memory while it is small."""
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(1024 * 1024))


def _measured(file: BinaryIO) -> tuple[int, str]:
    checksum, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(PIECE):
        checksum.update(piece)
        size += len(piece)
    return size, checksum.hexdigest()
