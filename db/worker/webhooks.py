"""Posts events to webhooks, signed as Standard Webhooks says. Any number of processes may do so at once.

What is due, how often it is tried and in which order is decided in the database (app.claim_webhooks,
app.settle_webhooks). A claim is a minute long, a request much shorter, so nothing is sent by two at once.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

import asyncpg
import httpx
from standardwebhooks import Webhook

from db.worker.addresses import ForbiddenAddressError, Target, targets_of
from db.worker.connecting import TROUBLE, connected, stopped_within

POLL_SECONDS = 0.5
REQUEST_SECONDS = 15.0
"""How long a receiver may take, name look-up to answer: well below the minute that a claim lasts."""
AT_ONCE = 100
"""Requests under way in this process."""
LONGEST_PAUSE = 10.0

logger = logging.getLogger("pgcrm.webhooks")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery: an HTTP status, or what went wrong instead, in words."""

    delivery_id: int
    attempt: int
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    """Seconds that the receiver asked for."""


class Sender:
    """Sends what is due over `url`, the log-in pgcrm_worker's. `private`: also to addresses that are not on
    the public internet."""

    def __init__(self, url: str, *, private: bool = False) -> None:
        self._url = url
        self._private = private
        self._stop = asyncio.Event()
        self._news = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Make `run` return when the requests that are under way have ended."""
        self._stop.set()
        self._news.set()

    async def run(self) -> None:
        """Send until stopped; a connection that is lost is made again, after growing pauses."""
        pause = POLL_SECONDS
        while not self._stop.is_set():
            try:
                async with connected(self._url, "webhooks") as connection, self._client() as client:
                    await self._keep_sending(connection, client)
                pause = POLL_SECONDS
            except TROUBLE as error:
                logger.warning("not sending to webhooks: %s: %s", type(error).__name__, error)
                pause = min(pause * 2, LONGEST_PAUSE)
            await stopped_within(self._stop, pause)

    async def run_once(self) -> int:
        """Send what is due now, each once; how many. Raises TROUBLE."""
        count = 0
        async with connected(self._url, "webhooks") as connection, self._client() as client:
            lock = asyncio.Lock()
            while batches := await self._claimed(connection, lock):
                await asyncio.gather(*(self._batch(connection, lock, client, batch) for batch in batches))
                count += sum(len(batch) for batch in batches)
        return count

    async def _keep_sending(self, connection: asyncpg.Connection, client: httpx.AsyncClient) -> None:
        lock = asyncio.Lock()  # a connection does one thing at a time
        try:
            while not self._stop.is_set():
                self._news.clear()
                batches = await self._claimed(connection, lock)
                for batch in batches:
                    webhook_id = batch[0]["webhook_id"]
                    task = asyncio.create_task(self._batch(connection, lock, client, batch))
                    self._under_way[webhook_id] = task
                    task.add_done_callback(partial(self._ended, webhook_id))
                if len(self._under_way) * 10 >= AT_ONCE:
                    await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
                elif not batches:
                    await stopped_within(self._news, POLL_SECONDS)
        finally:
            # Else what arrived would be sent once more.
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _ended(self, webhook_id: int, task: "asyncio.Task[None]") -> None:
        """What was not taken down is due again when its claim ends."""
        del self._under_way[webhook_id]
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            logger.warning("webhook %s: %s: %s", webhook_id, type(error).__name__, error)

    async def _claimed(
        self, connection: asyncpg.Connection, lock: asyncio.Lock
    ) -> list[list[asyncpg.Record]]:
        """What is due and now ours, a list for each webhook; nothing for those with requests under way."""
        async with lock:
            busy = list(self._under_way)
            rows = await connection.fetch(
                "select * from app.claim_webhooks($1, $2)", AT_ONCE - 10 * len(busy), busy
            )
        rows.sort(key=lambda row: (row["webhook_id"], row["delivery_id"]))
        return [list(batch) for _, batch in groupby(rows, key=lambda row: row["webhook_id"])]

    async def _batch(
        self,
        connection: asyncpg.Connection,
        lock: asyncio.Lock,
        client: httpx.AsyncClient,
        batch: Sequence[asyncpg.Record],
    ) -> None:
        """Send deliveries of one webhook, each of another key, and take down what became of them."""
        outcomes = await asyncio.gather(*(self._delivery(client, row) for row in batch))
        async with lock:
            await connection.execute(
                "select app.settle_webhooks($1, $2, $3)",
                batch[0]["org_id"],
                batch[0]["webhook_id"],
                json.dumps([asdict(outcome) for outcome in outcomes]),
            )

    async def _delivery(self, client: httpx.AsyncClient, row: asyncpg.Record) -> Outcome:
        delivery = (row["delivery_id"], row["attempt"])
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                answer = await self._posted(client, row)
        except TimeoutError:
            return Outcome(*delivery, error=f"No answer within {REQUEST_SECONDS:.0f} seconds.")
        except ForbiddenAddressError as error:
            return Outcome(*delivery, error=str(error))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            words = f"{type(error).__name__}: {error}".replace("\0", "")
            return Outcome(*delivery, error=words[:500])
        wanted = answer.headers.get("retry-after", "")
        return Outcome(
            *delivery,
            status=answer.status_code,
            retry_after=int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else None,
        )

    async def _posted(self, client: httpx.AsyncClient, row: asyncpg.Record) -> httpx.Response:
        """The answer, of which only status and headers were read. Raises what can go wrong."""
        content = row["body"].encode()
        headers = signed(row["message_id"], row["body"], row["secrets"])
        targets = await targets_of(row["url"], private=self._private)
        for target in targets[:-1]:
            try:
                return await _post(client, target, content, headers)
            except httpx.ConnectError:  # perhaps one of its other addresses can be reached
                continue
        return await _post(client, targets[-1], content, headers)

    @staticmethod
    def _client() -> httpx.AsyncClient:
        """No redirects, which would lead past what was judged; nothing from the environment."""
        return httpx.AsyncClient(
            timeout=REQUEST_SECONDS,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=20),
            headers={"User-Agent": "pgcrm-webhooks/1"},
        )


async def _post(
    client: httpx.AsyncClient, target: Target, content: bytes, headers: dict[str, str]
) -> httpx.Response:
    request = client.build_request(
        "POST",
        target.url,
        content=content,
        headers={"Host": target.host, **headers},
        extensions={"sni_hostname": target.server_name},
    )
    # Only the status matters: no byte of the body is read.
    answer = await client.send(request, stream=True)
    await answer.aclose()
    return answer


def signed(message_id: str, body: str, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of a message: its id, the moment, and a signature by each of the secrets."""
    now = datetime.now(UTC)
    signatures = (Webhook(secret).sign(message_id, now, body) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
