"""A load generator: as many keep-alive connections as asked for, each with one request in flight.

`wrk` where it is installed, because it costs the server the least of the machine; otherwise this module as a
process of its own. Either way an answer other than 200 is an error, not a fast request.
"""

import asyncio
import re
import shutil
import subprocess
import sys
from typing import cast

import httptools
import httpx
import uvloop


class LoadError(RuntimeError):
    """Some requests did not get 200."""


def generator() -> str:
    """Which one is used."""
    return "wrk" if shutil.which("wrk") else "asyncio"


async def requests_per_second(url: str, token: str, *, connections: int, seconds: int) -> float:
    """GET `url` as the token's person for so many seconds. Raises LoadError."""
    if generator() == "wrk":
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
        command += ["-H", f"Authorization: Bearer {token}"]
    else:
        command = [sys.executable, "-m", "benchmarks.http_load", url, token, str(connections), str(seconds)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = (await process.communicate())[0].decode()
    found = re.search(r"Requests/sec:\s*([0-9.]+)", output)
    if found is None or "Non-2xx" in output or "Socket errors" in output:
        raise LoadError(output)
    return float(found[1])


class _Client(asyncio.Protocol):
    """One connection: a request, its whole answer, the next request."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._parser = httptools.HttpResponseParser(self)
        self.answers = 0
        self.failed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.failed |= self._parser.get_status_code() != 200
        self.answers += 1
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self.failed |= exc is not None


async def _load(url: str, token: str, connections: int, seconds: int) -> None:
    where = httpx.URL(url)
    headers = f"Host: {where.netloc.decode()}\r\nAuthorization: Bearer {token}\r\n"
    request = f"GET {where.path} HTTP/1.1\r\n{headers}\r\n".encode()
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: _Client(request), where.host, where.port or 80))
        for _ in range(connections)
    ]
    await asyncio.sleep(seconds)
    print(f"Requests/sec: {sum(client.answers for _, client in clients) / seconds}")
    if any(client.failed or not client.answers for _, client in clients):
        print("Non-2xx answers or broken connections")
    for transport, _ in clients:
        transport.abort()


if __name__ == "__main__":
    uvloop.run(_load(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
