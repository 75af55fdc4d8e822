"""jobs run, jobs list: what happens by the clock, and what mutations have left to be done."""

import asyncio
import json
import signal
from datetime import datetime
from typing import Annotated, Any

import psycopg
import typer
from rich.table import Table

from db.cli.common import console, installation, make_app, say
from db.installation import Installation
from db.logins import open_worker_login
from db.settings import SettingsError
from db.worker import Runner, Sender, Work


def register(app: typer.Typer) -> None:
    jobs = make_app("Events to be sent, jobs by the clock, queued work.")
    jobs.command("run")(run)
    jobs.command("list")(list_jobs)
    app.add_typer(jobs, name="jobs")


def run(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Send events and run jobs until Ctrl-C. Several may run: one works, the others stand by."""
    with installation() as found:
        url = _worker_url(found)
        sender = Sender(url, private=found.settings.webhooks_to_private == "on")
        if once:
            _run_once(url, sender)
        else:
            say("Sending events and running jobs. Ctrl-C ends it.")
            asyncio.run(_run(url, sender))
            say("Stopped.")


def list_jobs() -> None:
    """Show the jobs with their last and next run, and work that waits or is stuck."""
    with installation() as found, psycopg.connect(_worker_url(found)) as connection:
        row = connection.execute("select app.job_overview()::text").fetchone()
    assert row is not None
    overview: dict[str, Any] = json.loads(row[0])
    jobs = Table("job", "schedule", "last run", "what became of it", "next run")
    for job in overview["jobs"] or []:
        name = " ".join(filter(None, (job["job_key"], job["organisation"])))
        last = job["last_state"] or "never ran"
        detail = job["last_message"] or (f"{job['last_rows']} rows" if job["last_rows"] is not None else "")
        following = _time(job["next_run_at"]) if job["is_enabled"] else "switched off"
        outcome = f"{last}: {detail}" if detail else last
        jobs.add_row(name, job["schedule"], _time(job["last_started_at"]), outcome, following)
    console.print(jobs)
    if overview["queue"]:
        queue = Table("work", "organisation", "about", "state", "tries", "not before", "last error")
        for work in overview["queue"]:
            queue.add_row(
                *(work["kind"], work["organisation"], str(work["ref_id"]), work["state"]),
                *(str(work["attempts"]), _time(work["run_after"]), work["last_error"] or ""),
            )
        console.print(queue)
    for lease in overview["leases"]:
        console.print(f"{lease['name']}: {lease['holder']}", markup=False)
    if not overview["leases"]:
        console.print("Nobody works at the moment: `pgcrm serve` or `pgcrm jobs run` does.")
    console.print(f"Events that wait to be sent: {overview['unsent_events']}")


def _worker_url(found: Installation) -> str:
    url = open_worker_login(found)
    if url is None:
        raise SettingsError(
            "DATABASE_WORKER_URL is not set: jobs need the log-in pgcrm_worker, straight to the server."
        )
    return url


async def _run(url: str, sender: Sender) -> None:
    runner = Runner(url, _tell)

    def stop() -> None:
        runner.stop()
        sender.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        group.create_task(runner.run())
        group.create_task(sender.run())


def _run_once(url: str, sender: Sender) -> None:
    sent, held = asyncio.run(Runner(url, _tell).run_once())
    console.print(f"Events sent: {sent}")
    if posted := asyncio.run(sender.run_once()):
        console.print(f"Deliveries to webhooks: {posted}")
    for lease in held:
        console.print(f"Somebody else is at work: {lease}.")


def _tell(work: Work) -> None:
    outcome = f"failed: {work.error}" if work.error else f"{work.done} done"
    if work.more:
        outcome += ", more is left"
    console.print(f"{work.name}: {outcome}", markup=False, soft_wrap=True)


def _time(text: str | None) -> str:
    """A moment in this machine's time zone, to the second."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S") if text else ""
