"""Spreadsheets, as far as the service itself touches them: it starts a reading process, and listens."""

import json
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import orjson

from bff.uploads.rows import Batch, Refused

MIME_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
}

_REPOSITORY = Path(__file__).parents[2]
_STARTS = {
    ".xlsx": (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"),  # the second: one that is encrypted
    ".xls": (b"\xd0\xcf\x11\xe0",),
}
_OUT_OF_MEMORY = 3
_BY_LIMIT = (
    -signal.SIGABRT,
    -signal.SIGXCPU,
    -signal.SIGKILL,
    -signal.SIGALRM,
    -signal.SIGSEGV,
    _OUT_OF_MEMORY,
)
"""How the process ends when it wants more than it may have; memory that is refused makes libraries abort."""


class Workbook:
    """The first sheet of a workbook; blocking. `file`: a real one, open for reading; `suffix`: .xlsx or .xls.

    Raises Refused: import.empty, import.type (415), import.encrypted, import.corrupt, import.too_large (413),
    import.too_complex, and what `header_of` raises. Rows may raise import.too_complex as well.
    """

    def __init__(self, file: IO[bytes], suffix: str) -> None:
        descriptor = file.fileno()
        file.seek(0)
        start = file.read(8)
        if not start:
            raise Refused("import.empty", "The file is empty.")
        if not start.startswith(_STARTS[suffix]):
            raise Refused("import.type", f"This is no {suffix} file, whatever its name says.", 415)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bff.uploads.sheet", str(descriptor), suffix],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[descriptor],
            cwd=_REPOSITORY,
            # Nothing of ours is its business: no passwords, no keys.
            env={"PYTHONUTF8": "1"},
        )
        try:
            head = self._receive()
            self.header: list[str] = head["header"]
            self.details: Mapping[str, str] = {"sheet": head["sheet"][:255]}
        except BaseException:
            self.close()
            raise

    def batches(self, digit_columns: Collection[str]) -> Iterator[Batch]:
        """The rows, once."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(sorted(digit_columns)).encode() + b"\n")
        self._process.stdin.flush()
        while "end" not in (found := self._receive()):
            yield Batch(found["row_nos"], found["rows"], found["errors"])

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()

    def _receive(self) -> dict[str, Any]:
        out = self._process.stdout
        assert out is not None
        size = int.from_bytes(out.read(4), "big")
        if not size or len(frame := out.read(size)) < size:
            if self._process.wait() in _BY_LIMIT:
                raise Refused(
                    "import.too_complex", "The workbook needs more memory or time than it may have."
                )
            raise Refused("import.corrupt", "The workbook is damaged and cannot be read.")
        found: dict[str, Any] = orjson.loads(frame)
        if "refused" in found:
            status, code, message = found["refused"]
            raise Refused(code, message, status)
        return found
