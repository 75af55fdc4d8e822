"""What a BFF process does beside requests: listen for events; send them and run jobs when it is its turn."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bff.events.hub import Hub
from db.settings import Settings
from db.worker import Listener, Runner, Sender

STOP_SECONDS = 3.0
"""How long a slice of a job may take to end when the process stops; then it is cancelled and rolls back."""

logger = logging.getLogger("pgcrm.events")


@asynccontextmanager
async def events(settings: Settings) -> AsyncIterator[Hub | None]:
    """The hub, fed while the block runs; None without DATABASE_WORKER_URL."""
    if settings.database_worker_url is None:
        yield None
        return
    hub = Hub()
    workers: list[Listener | Runner | Sender] = [
        Listener(settings.database_worker_url, hub.publish, hub.missed)
    ]
    if settings.jobs == "on":
        workers.append(Runner(settings.database_worker_url))
        private = settings.webhooks_to_private == "on"
        workers.append(Sender(settings.database_worker_url, private=private))
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield hub
    finally:
        for worker in workers:
            worker.stop()
        _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _report(task: "asyncio.Task[None]") -> None:
    """A bug that ends the loop must not end it in silence."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("the background of this process has ended", exc_info=error)
