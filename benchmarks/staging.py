"""A CSV file from its bytes to staged rows, against psql's \\copy of the same rows as jsonb.

Ours reads, checks and stages every row through the API's functions, as POST /api/imports does once the file
has arrived; the limit copies the same rows, as JSON made beforehand, into a bare table of one jsonb column.
And the memory that the HTTP process takes for a long file, beyond what it has when nothing happens.
"""

import asyncio
import io
import json
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, cast

import asyncpg
import httpx
import orjson
import psutil

from benchmarks.bff_request import serving
from benchmarks.figures import Figure, Target, interleaved
from benchmarks.house import PASSWORD, House
from bff.services import Services
from bff.uploads.received import opened
from bff.uploads.staging import stage_rows
from bff.uploads.work import Work
from db.server.binaries import embedded_bin_dir
from db.session import Database

MEMORY_LIMIT = 200
"""MB above idle that are promised for a million rows."""

HEADER = [
    "company_name", "pic_name", "contact_phone", "email", "city_area",
    "service_code", "primary_channel", "notes", "country", "npwp",
]  # fmt: skip


async def run(house: House, quick: bool) -> list[Figure]:
    """Staging of a file that fits a cache, then the memory for one of a million rows."""
    rows, rounds, many = (2_000, 1, 20_000) if quick else (200_000, 5, 1_000_000)
    return [await _speed(house, rows, rounds), await _memory(house, many)]


def _row(number: int) -> list[str]:
    """Ten short cells."""
    return [
        f"PT Contoh {number}", f"Sari {number}", f"0812{number:08d}", f"a{number}@mail.example", "Jakarta",
        "EXI_AF", "SEM", f"note {number}", "ID", f"{number:015d}",
    ]  # fmt: skip


async def _speed(house: House, rows: int, rounds: int) -> Figure:
    database = Database(house.bff_url(), pool_size=1)
    await database.open()
    # Nothing is stored here: that is a copy of the file, whatever becomes of its rows.
    services = cast(Services, SimpleNamespace(database=database, replica=database))
    work = Work(services, house.importer.user_id, {})
    owner = await asyncpg.connect(house.admin_url())
    await owner.execute("create table public.bare_rows (row jsonb)")
    file = house.home.with_name("rows.ndjson")
    with file.open("wb") as lines:
        for number in range(rows):
            lines.write(orjson.dumps(dict(zip(HEADER, _row(number), strict=True))) + b"\n")
    content = _content(rows)
    rounds_done = 0

    async def ours() -> float:
        nonlocal rounds_done
        rounds_done += 1
        name = f"{rows}-{rounds_done}.csv"
        started = time.perf_counter()
        received = await asyncio.to_thread(opened, cast(BinaryIO, io.BytesIO(content)), name, ".csv")
        known = await _called(
            work,
            "ingest_create_import",
            p_module="leads",
            p_file_name=name,
            p_mime_type=received.mime_type,
            p_size_bytes=received.size,
            p_sha256=f"{rounds_done:064x}",
            p_bucket="import-files",
            p_path=f"benchmarks/{name}",
            p_header=received.source.header,
        )
        total = await stage_rows(work, known["import_id"], received.source, known["digit_columns"])
        done = await _called(
            work, "ingest_finish_staging", p_import_id=known["import_id"], p_total_rows=total
        )
        seconds = time.perf_counter() - started
        if done["total_rows"] != rows:
            raise RuntimeError(f"{done['total_rows']} of {rows} rows were staged")
        return rows / seconds

    async def limit() -> float:
        await owner.execute("truncate public.bare_rows")
        started = time.perf_counter()
        await asyncio.to_thread(_copy, house, file)
        return rows / (time.perf_counter() - started)

    try:
        speed, bare = await interleaved(rounds, ours, limit)
    finally:
        await owner.execute("drop table public.bare_rows")
        await owner.close()
        await database.close()
        file.unlink()
    return Figure(
        f"staging of {rows:,} rows",
        speed,
        bare,
        "per second",
        "rows of ten cells from a CSV to staged; psql \\copy of them as JSON into a jsonb column",
        Target("≥", 0.4),
    )


async def _memory(house: House, rows: int) -> Figure:
    """The peak of the HTTP process' resident memory during an upload, above what it had before."""
    with serving(house, 1) as url:
        async with httpx.AsyncClient(base_url=url, timeout=600) as http:
            answer = await http.post(
                "/api/auth/login", json={"email": house.importer.email, "password": PASSWORD}
            )
            http.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
            await _upload(http, b"email\nfirst@mail.example\n")  # what is imported at first use is no matter
            process = next(p for p in psutil.process_iter() if _listens(p, int(url.rpartition(":")[2])))
            idle = peak = process.memory_info().rss
            uploading = asyncio.ensure_future(_upload(http, _content(rows)))
            while not uploading.done():
                peak = max(peak, process.memory_info().rss)
                await asyncio.sleep(0.02)
            staged = (await uploading)["total_rows"]
    if staged != rows:
        raise RuntimeError(f"{staged} of {rows} rows were staged")
    return Figure(
        f"memory of the BFF for {rows:,} rows",
        max(peak - idle, 1) / 1e6,
        MEMORY_LIMIT,
        "MB",
        "above idle, at its highest while the file is uploaded and staged; what is promised",
        Target("≤", 1),
    )


def _content(rows: int) -> bytes:
    return "".join(",".join(cells) + "\n" for cells in [HEADER, *map(_row, range(rows))]).encode()


async def _upload(http: httpx.AsyncClient, content: bytes) -> Any:
    answer = await http.post(
        "/api/imports", data={"module": "leads"}, files={"file": ("long.csv", content, "text/csv")}
    )
    return answer.raise_for_status().json()


def _copy(house: House, file: Path) -> None:
    command = [str(embedded_bin_dir() / "psql"), "-Xqc", f"\\copy public.bare_rows from '{file}'"]
    subprocess.run([*command, house.admin_url()], check=True)


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        return any(c.status == "LISTEN" and c.laddr.port == port for c in process.net_connections("tcp"))
    except psutil.Error:
        return False


async def _called(work: Work, function: str, **arguments: Any) -> Any:
    return json.loads((await work.call(function, **arguments)).body)
