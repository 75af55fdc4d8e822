"""A million leads as CSV over HTTP, and the memory of the BFF's process while they leave.

Memory is what is promised: the process grows by as much for a million rows as for a tenth of them.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import httpx
import psutil

from benchmarks.figures import Figure, Target
from benchmarks.house import PASSWORD, House
from benchmarks.million import fill
from db.credentials import set_password


async def run(house: House, quick: bool) -> list[Figure]:
    """Rows per second, and megabytes by which the process grew: all rows against a tenth of them."""
    rows = 20_000 if quick else 1_000_000
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    try:
        people = await fill(admin, house.org_id, rows)
        email = await admin.fetchval("select email from app.profiles where user_id = $1", people.all)
        day = await admin.fetchval(
            "select lead_date from crm.leads where org_id = $1 order by created_at desc offset $2 limit 1",
            *(house.org_id, rows // 10),
        )
    finally:
        await admin.close()
    await asyncio.to_thread(set_password, house.admin_url(database), people.all, PASSWORD)

    process, url = await _served(house, database)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=600) as http:
            answer = await http.post("/api/auth/login", json={"email": email, "password": PASSWORD})
            token = {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}
            memory = psutil.Process(process.pid)
            few = await _exported(http, token, memory, f"&lead_date_from={day}")
            many = await _exported(http, token, memory, "")
    finally:
        process.terminate()
        process.wait(timeout=20)
    return [
        Figure(
            "export, rows as CSV", many[0] / many[1], few[0] / few[1], "per second",
            f"{many[0]:,} rows over HTTP; {few[0]:,} of them",
        ),
        Figure(
            "export, memory of the server", many[2], few[2], "MB",
            f"most that the process had while {many[0]:,} rows left; while {few[0]:,} did",
            Target("≤", 1.1),
        ),
    ]  # fmt: skip


async def _exported(
    http: httpx.AsyncClient, token: dict[str, str], process: psutil.Process, filters: str
) -> tuple[int, float, float]:
    """Rows, seconds, and the most megabytes that the process had meanwhile."""
    lines, most, started = 0, 0, time.perf_counter()
    async with http.stream("GET", f"/api/leads?format=csv{filters}", headers=token) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_bytes():
            lines += piece.count(b"\n")
            most = max(most, process.memory_info().rss)
    return lines - 1, time.perf_counter() - started, most / 1e6


async def _served(house: House, database: str) -> tuple["subprocess.Popen[bytes]", str]:
    """`pgcrm serve` over a database, and its URL once it answers."""
    home = Path(house.home.parent) / f"serve-{database}"
    process = _begun(home, house.bff_url(database))
    while process.poll() is None:
        try:
            url = json.loads((home / "serve.json").read_text())["url"]
            async with httpx.AsyncClient() as http:
                if (await http.get(f"{url}/readyz")).is_success:
                    return process, str(url)
        except (OSError, ValueError, httpx.TransportError):
            await asyncio.sleep(0.1)
    raise RuntimeError("The server did not start.")


def _begun(home: Path, database_url: str) -> "subprocess.Popen[bytes]":
    home.mkdir()
    settings = {
        "DATABASE_URL": database_url,
        "PGCRM_HOME": str(home),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", "from db.cli import app; app()", "serve", "--port", "0"],
        env=os.environ | settings,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
