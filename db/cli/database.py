"""migrate, reset, demo, sql, psql, buckets, doctor: the database and what belongs to it."""

import asyncio
import os
import shutil
import signal
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from psycopg.conninfo import conninfo_to_dict

from db.analysts import psql_login
from db.cli.common import console, errors, installation, make_app, say, settings
from db.cli.service import serving_in
from db.installation import Installation, embedded_cluster
from db.logins import as_owner, open_bff_login, open_worker_login, url_for
from db.server import ServerError
from db.server.binaries import embedded_bin_dir


def register(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(reset)
    app.command()(demo)
    app.command()(sql)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(psql)
    app.command()(doctor)
    buckets = make_app("The folders of files: storage_buckets.yaml.")
    buckets.command("sync")(sync_buckets)
    buckets.command("sweep")(sweep_buckets)
    app.add_typer(buckets, name="buckets")


def migrate() -> None:
    """Bring the database to what the files say. A second run changes nothing."""
    from db.migrate import migrate as run

    with installation() as found:
        report = run(found.require_admin_url(), log=say)
        url = open_bff_login(found)
        worker_url = open_worker_login(found)
        console.print(
            "The database is up to date." if not report.changed else "The database is up to date now."
        )
        if found.cluster is None and found.url is None:
            console.print("The BFF and its worker log in with these; keep them secret:")
            console.print(f"DATABASE_URL={url}", soft_wrap=True, markup=False)
            console.print(f"DATABASE_WORKER_URL={worker_url}", soft_wrap=True, markup=False)


def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete the embedded database and all stored files, and make them anew with the demo organisation."""
    chosen = settings()
    if not chosen.embedded:
        raise ServerError("reset is only for the embedded Postgres; a DATABASE_… variable is set.")
    if serving := serving_in(chosen.home):
        raise ServerError(f"pgcrm is running {serving.where}: stop it first (`pgcrm stop`).")
    if not yes:
        typer.confirm(f"Delete the database and all files in {chosen.home.absolute()}?", abort=True)
    if chosen.home.exists():
        embedded_cluster(chosen).destroy()
        shutil.rmtree(chosen.files_folder, ignore_errors=True)
    from db import demo as demo_data
    from db.migrate import migrate as run

    with installation() as found:
        run(found.require_admin_url(), log=say)
        open_bff_login(found)
        open_worker_login(found)
        demo_data.seed(found.require_admin_url())
    console.print("The database is new.")


def demo() -> None:
    """Show the main job from nothing, over HTTP and psql, and check what comes out of it."""
    from db.demo import main

    raise typer.Exit(main())


def sql(
    target: Annotated[Path, typer.Argument(help="Folder to write to.")] = Path("dist/sql"),
) -> None:
    """Write the database as five SQL files, for a first install by psql or `supabase db push`."""
    from db.migrate import write_sql

    write_sql(target)
    for path in sorted(target.glob("*.sql")):
        console.print(str(path))


def psql(
    context: typer.Context,
    email: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose eyes to look through.")],
) -> None:
    """Open psql as a person, read-only, seeing what that person sees. Other options go to psql itself."""
    program = shutil.which("psql") or str(embedded_bin_dir() / "psql")
    with installation() as found, psql_login(found.require_admin_url(), email) as login:
        url = url_for(found.require_admin_url(), login.name, login.password)
        target = {key: str(value) for key, value in conninfo_to_dict(url).items()}
        # The password goes by the environment: a command line is there for everybody to read.
        environment = {**os.environ, "PGPASSWORD": target.pop("password")}
        target |= {"application_name": "pgcrm psql"}
        conninfo = " ".join(f"{key}='{value}'" for key, value in target.items())
        errors.print(f"Read-only, as {email}. The log-in ends with this psql.", style="dim", markup=False)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's
        try:
            code = subprocess.run([program, conninfo, *context.args], env=environment, check=False).returncode
        finally:
            signal.signal(signal.SIGINT, before)
    raise typer.Exit(code)


def doctor() -> None:
    """Say in plain words what is wrong with this installation. Exit code 1: something is."""
    from db.doctor import examine

    faults = 0
    for finding in examine():
        colour = {"ok": "green", "note": "yellow", "fault": "red"}[finding.grade]
        console.print(f"[{colour}]{finding.grade:<5}[/{colour}]", end=" ")
        console.print(finding.text, markup=False, soft_wrap=True)
        faults += finding.grade == "fault"
    if faults:
        raise typer.Exit(1)


def sync_buckets() -> None:
    """Make the buckets that are missing, and bring limits up to date."""
    from bff.storage import sync_buckets as sync

    for name in asyncio.run(sync(settings())):
        console.print(name)


def sweep_buckets(
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete them; without this they are listed.")
    ] = False,
    hours: Annotated[int, typer.Option(min=1, help="Leave younger files alone.")] = 24,
) -> None:
    """Find stored files that nothing in the database refers to, such as a crash leaves behind."""
    from bff.storage import make_storage
    from bff.storage.sweep import unreferenced

    async def sweep(found: Installation) -> int:
        storage, count = make_storage(found.settings), 0
        try:
            with psycopg.connect(found.require_admin_url()) as connection, as_owner(connection):
                async for bucket, stored in unreferenced(storage, connection, timedelta(hours=hours)):
                    console.print(f"{bucket}/{stored.path}", markup=False, soft_wrap=True)
                    count += 1
                    if delete:
                        await storage.delete(bucket, stored.path)
        finally:
            await storage.close()
        return count

    with installation() as found:
        count = asyncio.run(sweep(found))
    say(f"{count} files {'were deleted' if delete else 'have no row; --delete deletes them'}.")
