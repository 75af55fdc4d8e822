"""A file into the product as a front end brings it in, over HTTP, with a progress bar."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from db.demo.product import DemoFailed, served
from db.settings import Settings

POLL_SECONDS = 0.3
SHOWN_ERRORS = 10
_COUNTS = ("total_rows", "success_rows", "error_rows", "skipped_rows", "duplicate_rows")


class Failed(Exception):  # noqa: N818 - says what happened
    """The product refused something, or does not run. The message is for people."""


def import_file(
    settings: Settings, console: Console, file: Path, fields: dict[str, str], email: str, password: str
) -> dict[str, Any]:
    """The import when it is closed, after its counts and first errors were shown. Raises Failed.

    `fields`: what the form has beside the file. The product is the one that runs on this folder, or our own.
    """
    try:
        with served(settings) as url, _client(url, email, password) as http:
            done = _imported(http, console, file, fields)
            _show(http, console, done)
            return done
    except DemoFailed as fault:
        raise Failed(str(fault)) from None
    except httpx.TransportError as fault:
        raise Failed(f"The product does not answer: {fault!r}") from None


class _LogIn(httpx.Auth):
    """Logs in with the first request, and again when the token has run out."""

    requires_response_body = True

    def __init__(self, url: str, email: str, password: str) -> None:
        self._request = httpx.Request(
            "POST", f"{url}/api/auth/login", json={"email": email, "password": password}
        )
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Any:
        for _ in range(2):
            if not self._token:
                tokens = _asked((yield self._request))
                if "access_token" not in tokens:
                    raise Failed("This log-in needs a second factor, which this command cannot ask for.")
                self._token = tokens["access_token"]
            request.headers["Authorization"] = f"Bearer {self._token}"
            response = yield request
            if response.status_code != 401:
                return
            self._token = ""


@contextmanager
def _client(url: str, email: str, password: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=900, auth=_LogIn(url, email, password)) as http:
        _asked(http.get("/api/auth/me"))  # before a long file is sent in vain
        yield http


def _imported(http: httpx.Client, console: Console, file: Path, fields: dict[str, str]) -> dict[str, Any]:
    """Upload, then process until the import is closed; the import then. Raises Failed."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress, ThreadPoolExecutor(1) as pool:
        with progress.open(file, "rb", description="Uploading") as content:
            mime = "text/csv" if file.suffix.lower() == ".csv" else "application/octet-stream"
            upload = pool.submit(
                http.post, "/api/imports", data=fields, files={"file": (file.name, content, mime)}
            )
            wait_for([upload])
        created = _asked(upload.result())
        if created["duplicate_of"] is not None:
            console.print(f"This file was uploaded before; import {created['import_id']} goes on.")
        path = f"/api/imports/{created['import_id']}"
        bar = progress.add_task("Processing", total=created["total_rows"])
        done = created
        while done["status"] in ("staging", "uploaded", "processing"):
            step = pool.submit(http.post, f"{path}/process")
            while not wait_for([step], POLL_SECONDS).done:
                _advance(progress, bar, _asked(http.get(path)))
            done = _asked(step.result())
            _advance(progress, bar, done)
    return done


def _advance(progress: Progress, bar: Any, known: dict[str, Any]) -> None:
    if known["total_rows"] is not None:
        progress.update(bar, total=known["total_rows"], completed=known["total_rows"] - known["pending_rows"])


def _show(http: httpx.Client, console: Console, done: dict[str, Any]) -> None:
    table = Table(title=f"Import {done['import_id']}: {done['file_name']}, {done['status']}")
    for name in _COUNTS:
        table.add_column(name.removesuffix("_rows"), justify="right")
    table.add_row(*(f"{done[name]:,}" for name in _COUNTS))
    console.print(table)
    if done["ignored_columns"]:
        console.print(f"Ignored columns: {', '.join(done['ignored_columns'])}", markup=False)
    if not done["error_rows"]:
        return
    path = f"/api/imports/{done['import_id']}"
    faulty = _asked(http.get(f"{path}/rows", params={"status": "error", "limit": str(SHOWN_ERRORS)}))["items"]
    for row in faulty:
        reasons = "; ".join(
            f"{e['field']}: {e['message']}" if e["field"] else e["message"] for e in row["errors"]
        )
        console.print(f"line {row['row_no']}: {reasons}", markup=False, soft_wrap=True)
    if done["error_rows"] > len(faulty):
        more = done["error_rows"] - len(faulty)
        console.print(f"… and {more:,} more: GET {path}/errors.csv", markup=False)


def _asked(response: httpx.Response) -> dict[str, Any]:
    """The answer. Raises Failed with what the product said."""
    if response.is_success:
        answer: dict[str, Any] = response.json()
        return answer
    try:
        problem = response.json()
        lines = [problem["detail"], *(f"{e['field']}: {e['message']}" for e in problem.get("errors", []))]
    except (ValueError, KeyError):
        lines = [f"The product answered {response.status_code}."]
    raise Failed("\n".join(dict.fromkeys(lines)))
