"""Two processes send, a third dispatches, people write, the receiver fails as it likes: each event arrives,
and those of a key in the order in which they were committed."""

import asyncio
import json
import random
from collections import defaultdict

import asyncpg

from db.worker import Runner, Sender

KEYS = 6
EACH = 12
PATIENCE = 40.0


class Receiver:
    """Takes what it is sent, or not, at random; forgets what it has not taken."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.taken: list[tuple[str, int]] = []
        self.under_way: set[str] = set()
        self.refused = 0
        self.twice_at_once = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                status = await self.hear(json.loads(await reader.readexactly(length))["data"])
                writer.write(b"HTTP/1.1 %d x\r\nContent-Length: 0\r\n\r\n" % status)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def hear(self, event: dict[str, object]) -> int:
        key, payload = str(event["key"]), event["payload"]
        assert isinstance(payload, dict)
        self.twice_at_once += key in self.under_way
        self.under_way.add(key)
        await asyncio.sleep(self.random.random() / 200)
        self.under_way.discard(key)
        if self.random.random() < 0.3:
            self.refused += 1
            return 503
        self.taken.append((key, payload["number"]))
        return 200


async def test_events_of_a_key_arrive_in_order_whoever_sends_them(admin, worker_url, people):
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connection = await asyncpg.connect(admin)
    org_id = people["sa"].org_id
    await connection.execute(
        "insert into app.settings (org_id, key, value) values"
        f" ('{org_id}', 'webhook_first_retry_seconds', '0'), ('{org_id}', 'webhook_attempts', '30');"
        f"with w as (insert into app.webhooks (org_id, url, topics) values ('{org_id}',"
        f" 'http://127.0.0.1:{port}/', '{{leads.*}}') returning org_id, webhook_id)"
        " insert into app.webhook_secrets (org_id, webhook_id, secret)"
        " select org_id, webhook_id, sha256('x') from w"
    )

    async def write(key: str) -> None:
        mine = await asyncpg.connect(admin)
        for number in range(EACH):
            await mine.execute(
                "select app.emit_for($1, 'leads.updated', array[$2], '{leads}',"
                " jsonb_build_object('number', $3::int))",
                *(org_id, key, number),
            )
            await asyncio.sleep(random.random() / 50)
        await mine.close()

    workers = [Runner(worker_url), Sender(worker_url, private=True), Sender(worker_url, private=True)]
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    await asyncio.gather(*(write(f"k{n}") for n in range(KEYS)))
    async with asyncio.timeout(PATIENCE):
        while await connection.fetchval(  # noqa: ASYNC110 - the database tells nobody
            "select exists (select from app.outbox where sent_at is null)"
            " or exists (select from app.webhook_deliveries where state <> 'sent')"
        ):
            await asyncio.sleep(0.1)
    for worker in workers:
        worker.stop()
    await asyncio.gather(*tasks)
    await connection.close()
    server.close()

    numbers = defaultdict(list)
    for key, number in receiver.taken:
        numbers[key].append(number)
    assert dict(numbers) == {f"k{n}": list(range(EACH)) for n in range(KEYS)}
    assert receiver.refused > 0
    assert receiver.twice_at_once == 0, "never two of a key at once"
