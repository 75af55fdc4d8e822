"""What every part of the demo stands on: the front ends, the owner's knowledge, the checks, the screen."""

import time
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from db.demo.owner import Owner
from db.demo.product import FrontEnd

FIRST_ERRORS = 8

OUTCOMES = {
    "success": "came in",
    "error": "cannot be imported",
    "skipped": "were imported before",
    "duplicate": "stand earlier in the file",
}

console = Console(highlight=False)


class Stage:
    """`failures`: how many checks failed so far. `url`: where the product serves."""

    def __init__(self, url: str, admin_url: str) -> None:
        self.url = url
        self.admin_url = admin_url
        self.owner = Owner(admin_url)
        self.failures = 0
        self._front_ends: dict[str, FrontEnd] = {}

    def close(self) -> None:
        for front_end in self._front_ends.values():
            front_end.close()

    def front_end(self, email: str) -> FrontEnd:
        """The front end of this person, who logs in once. Raises DemoFailed."""
        if email not in self._front_ends:
            self._front_ends[email] = FrontEnd(self.url, email)
        return self._front_ends[email]

    def check(self, holds: bool, statement: str) -> None:
        self.failures += not holds
        mark = "[green]✓[/green]" if holds else "[bold red]✗[/bold red]"
        console.print(f"{mark} ", end="")
        console.print(statement, markup=False)

    def process(self, front_end: FrontEnd, import_id: int) -> dict[str, Any]:
        """Process an import to its end; the import then."""
        began = time.monotonic()
        while True:
            done: dict[str, Any] = front_end.ask("POST", f"/api/imports/{import_id}/process").body
            if done["status"] not in ("uploaded", "processing"):
                break
        progress(f"Import {import_id}: processed in {time.monotonic() - began:.1f} s.")
        return done

    def show_outcome(
        self, front_end: FrontEnd, done: dict[str, Any], in_file: int, *, show_errors: bool = True
    ) -> None:
        """Print what became of an import's rows, and check that none is lost.

        `done`: the import, closed; `in_file`: how many rows another reader finds in the file.
        """
        shown = table(f"What became of {done['total_rows']} rows", "Status", "Rows", "")
        for status, meaning in OUTCOMES.items():
            shown.add_row(status, str(done[f"{status}_rows"]), meaning)
        console.print(shown)
        if show_errors:
            self._show_first_errors(front_end, done["import_id"], done["mapping"])

        counted = {status: done[f"{status}_rows"] for status in OUTCOMES}
        self.check(
            in_file == done["total_rows"] == sum(counted.values()),
            f"{in_file} rows in the file = {' + '.join(f'{n} {status}' for status, n in counted.items())}.",
        )
        self.check(
            self.owner.rows_by_status(front_end.email, done["import_id"])
            == {status: n for status, n in counted.items() if n},
            "Each row has the status it is counted under.",
        )

    def _show_first_errors(self, front_end: FrontEnd, import_id: int, mapping: dict[str, str]) -> None:
        """`mapping`: the file's name of a column to ours."""
        query = {"status": "error", "limit": str(FIRST_ERRORS)}
        page = front_end.ask("GET", f"/api/imports/{import_id}/rows", params=query).body
        names = {ours: theirs for theirs, ours in mapping.items()}
        shown = table("The first errors", "Line", "Column", "In the file", "What is wrong")
        for row in page["items"]:
            for error in row["errors"]:
                column = names.get(error["field"] or "", error["field"] or "")
                cell = row["row_data"].get(column, "")
                shown.add_row(str(row["row_no"]), column, str(cell), error["message"])
        console.print(shown)


def table(title: str, *columns: str) -> Table:
    """Lean: eight columns find room in eighty characters."""
    return Table(
        *columns, title=title or None, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )


def heading(text: str) -> None:
    console.print()
    console.rule(f"[bold]{text}", align="left", style="dim")


def progress(message: str) -> None:
    console.print(message, style="dim", markup=False)
