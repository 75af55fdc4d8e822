"""A request over HTTP, against the round trips that it makes to Postgres.

The limit is one process that sends the BFF's three round trips over eight connections with asyncpg and does
nothing else: no HTTP, no token, no checks, no log.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex

import asyncpg
import httpx

from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import PASSWORD, House
from benchmarks.http_load import generator, requests_per_second
from benchmarks.leads import payloads
from db.cli.service import serving_in

CONNECTIONS = 8
TARGETS = {1: Target("≥", 0.2), 2: Target("≥", 0.28)}
ROOT = Path(__file__).parents[1]


async def run(house: House, quick: bool) -> list[Figure]:
    """GET one's own lead, with one HTTP process and with two."""
    rounds, seconds = (1, 1) if quick else (5, 4)
    figures = []
    for processes, target in TARGETS.items():
        with serving(house, processes) as url:
            async with httpx.AsyncClient(base_url=url, timeout=30) as http:
                answer = await http.post(
                    "/api/auth/login", json={"email": house.salespeople[0].email, "password": PASSWORD}
                )
                token = answer.raise_for_status().json()["access_token"]
                answer = await http.post(
                    "/api/leads",
                    content=next(payloads(seed=processes)),
                    headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                )
                lead_id = answer.raise_for_status().json()["lead_id"]
            bare = [await asyncpg.connect(house.bff_url()) for _ in range(CONNECTIONS)]
            ours, limit = await interleaved(
                rounds,
                partial(
                    requests_per_second,
                    f"{url}/api/leads/{lead_id}",
                    token,
                    connections=CONNECTIONS,
                    seconds=seconds,
                ),
                partial(_round_trips_per_second, house, bare, lead_id, seconds),
            )
            await asyncio.gather(*(connection.close() for connection in bare))
        figures.append(
            Figure(
                f"GET /api/leads/{{lead_id}}, HTTP processes: {processes}",
                ours,
                limit,
                "per second",
                f"{CONNECTIONS} connections (load: {generator()}); their round trips by asyncpg, one process",
                target,
            )
        )
    return figures


async def _round_trips_per_second(
    house: House, connections: list[asyncpg.Connection], lead_id: str, seconds: float
) -> float:
    """What the BFF sends for a GET, as fast as one process can."""
    person = house.salespeople[0].user_id
    started = time.perf_counter()

    async def work(connection: asyncpg.Connection) -> int:
        done = 0
        while time.perf_counter() - started < seconds:
            context = json.dumps({"request_id": token_hex(16), "ip": "127.0.0.1"}).encode().hex()
            await connection.execute(
                "begin read only; set local statement_timeout = 8000;"
                f"select app.enter('{person.hex}', convert_from(decode('{context}', 'hex'), 'utf8')::jsonb);"
                "set local role authenticated"
            )
            await connection.fetchrow(
                "select f.body::text, current_setting('pgcrm.replayed', true)"
                " from api.crm_get_lead(p_lead_id => $1) as f(body)",
                lead_id,
            )
            await connection.execute("commit")
            done += 1
        return done

    done = await asyncio.gather(*(work(connection) for connection in connections))
    return sum(done) / (time.perf_counter() - started)


@contextmanager
def serving(house: House, processes: int) -> Iterator[str]:
    """The URL of `pgcrm serve` on the house's database, with so many HTTP processes, all gone afterwards."""
    home = house.home.with_name(f"serving-{token_hex(4)}")
    home.mkdir()
    ours = ("PGCRM_", "SUPABASE_", "DATABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PGCRM_HOME": str(home), "DATABASE_URL": house.bff_url(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from db.cli import app; app()", "serve"]
    command += ["--port", "0", "--workers", str(processes)]
    with (
        (home / "log").open("w") as log,
        # Elsewhere than here: a .env of whoever measures must not count.
        subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            yield _url(server, home)
        finally:
            server.terminate()


def _url(server: subprocess.Popen[bytes], home: Path) -> str:
    """Wait until it answers. Raises RuntimeError with its log when it ends or takes too long."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        serving = serving_in(home)
        if serving and serving.url:
            try:
                if httpx.get(f"{serving.url}/readyz").status_code == 200:
                    return serving.url
            except httpx.TransportError:
                pass
        time.sleep(0.1)
    raise RuntimeError(f"pgcrm serve did not start:\n{(home / 'log').read_text()}")
