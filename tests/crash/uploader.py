"""Somebody who brings a file and does not give up: whatever goes wrong is tried again."""

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.crash.product import Product

PATIENCE = 900
"""Seconds for one request."""


class Uploader(threading.Thread):
    """Uploads `file` and processes it to the end, as a front end does.

    A request that was not answered, or was answered 503, is made again once the product is up.
    """

    def __init__(
        self, product: Product, token: str, file: Path, module: str, fields: Mapping[str, str]
    ) -> None:
        super().__init__(name="uploader", daemon=True)
        self._product = product
        self._token = token
        self._file = file
        self._form = {"module": module, **fields}
        self.import_id: int | None = None
        self.asking = threading.Event()
        """Whether a request is under way."""
        self.failures: list[str] = []
        """What came instead of an answer, in order."""
        self.done: dict[str, Any] | None = None
        """The import, when it is closed."""
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while self.done is None:
                self._try()
        except BaseException as error:
            self.error = error

    def _try(self) -> None:
        assert self._product.up.wait(PATIENCE), "it never came back"
        self.asking.set()
        try:
            answer = self._ask()
        except httpx.TransportError as error:
            self._failed(repr(error))
            return
        finally:
            self.asking.clear()
        if answer.status_code == 503:
            self._failed(answer.json()["code"])
            return
        assert answer.is_success, f"{answer.status_code} {answer.text}"
        found = answer.json()
        if self.import_id is None:
            self.import_id = found["import_id"]
        elif found["status"] not in ("uploaded", "processing"):
            self.done = found

    def _failed(self, what: str) -> None:
        self.failures.append(f"{'upload' if self.import_id is None else 'process'}: {what}")
        time.sleep(0.05)

    def _ask(self) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(base_url=self._product.url, headers=headers, timeout=PATIENCE) as client:
            if self.import_id is not None:
                return client.post(f"/api/imports/{self.import_id}/process")
            with self._file.open("rb") as content:
                return client.post(
                    "/api/imports", data=self._form, files={"file": (self._file.name, content)}
                )
