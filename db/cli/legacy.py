"""migrate-legacy: what the previous system left, into the product."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from db.cli.common import console, errors, installation, say
from db.legacy import BadFile
from db.paths import SEEDS


def register(app: typer.Typer) -> None:
    app.command("migrate-legacy")(migrate_legacy)


def migrate_legacy(
    folder: Annotated[
        Path,
        typer.Argument(
            help="With databases, batches, records, reservations as .jsonl.", exists=True, file_okay=False
        ),
    ] = SEEDS / "legacy",
    org: Annotated[str, typer.Option(help="Slug of the organisation.")] = "demo",
) -> None:
    """Bring the previous system's member data in; again changes nothing. Exit code 1: some was refused."""
    from db import legacy

    with installation() as found:
        try:
            done = legacy.migrate(found.require_admin_url(), org, folder, say)
        except (BadFile, LookupError) as fault:
            errors.print(str(fault), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(1) from None
    repaired = done["repaired"]
    console.print(
        f"Repaired: {repaired['orphaned_fixed']} orphans, {repaired['replacements_fixed']} replacements"
        f" without a batch, {repaired['batch_counts_updated']} counts"
    )
    console.print(
        f"Brought in: {done['databases']} databases, {done['batches']} batches, {done['records']} records"
        f" ({done['replacements_linked']} replacements linked), {done['reservations']} reservations"
    )
    if not done["refused"]:
        return
    refused = Table("refused", "reason", "rows")
    for (kind, reason), rows in sorted(Counter((r["kind"], r["reason"]) for r in done["refused"]).items()):
        refused.add_row(kind, reason, str(rows))
    console.print(refused)
    for row in done["refused"]:
        console.print(f"{row['kind']} {row['legacy_id']}: {row['reason']}", markup=False, soft_wrap=True)
    raise typer.Exit(1)
