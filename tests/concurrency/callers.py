"""People at work at the same moment: connections of the BFF's log-in, and files of leads."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from tests.support.people import Person

T = TypeVar("T")

COLUMNS = (
    "company_name",
    "pic_name",
    "contact_phone",
    "email",
    "city_area",
    "service_code",
    "primary_channel",
    "npwp",
    "notes",
)


class Caller:
    """One connection of the BFF's log-in. Each call is one transaction and is never tried again: whatever a
    caller would meet, a deadlock too, is raised here."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @property
    def pid(self) -> int:
        """The server process behind the connection."""
        return int(self._connection.get_server_pid())

    async def call(self, person: Person, function: str, *, key: str | None = None, **arguments: Any) -> str:
        """The body that `api.<function>` answers, as text."""
        names = ", ".join(f"{name} => ${number}" for number, name in enumerate(arguments, 1))
        context = {"idempotency_key": key} if key else {}
        async with self._connection.transaction():
            await self._connection.execute(
                f"select app.enter('{person.user_id}', '{json.dumps(context)}'); set local role authenticated"
            )
            body = await self._connection.fetchval(
                f"select f.body::text from api.{function}({names}) as f(body)", *arguments.values()
            )
        assert isinstance(body, str)
        return body

    async def read(self, person: Person, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """What the person sees of the views of `api`."""
        async with self._connection.transaction(readonly=True):
            await self._connection.execute(
                f"select app.enter('{person.user_id}'); set local role authenticated"
            )
            return [tuple(row) for row in await self._connection.fetch(query, *arguments)]

    async def create(self, person: Person, fields: Mapping[str, Any], *, key: str | None = None) -> Any:
        """The answer of the lead bundle."""
        return json.loads(
            await self.call(person, "crm_create_lead_bundle", key=key, payload=json.dumps(fields))
        )

    async def register(self, person: Person, rows: Sequence[Mapping[str, str]], name: str) -> Any:
        """Register a file of leads, whose content is told from others' by `name`."""
        digest = hashlib.sha256(f"{name} {json.dumps(list(rows))}".encode()).hexdigest()
        return json.loads(
            await self.call(
                person,
                "ingest_create_import",
                p_module="leads",
                p_file_name=f"{name}.csv",
                p_mime_type="text/csv",
                p_size_bytes=1,
                p_sha256=digest,
                p_bucket="import-files",
                p_path=f"{person.user_id}/{name}/{self.pid}",
                p_header=list(COLUMNS),
            )
        )

    async def upload(self, person: Person, rows: Sequence[Mapping[str, str]], name: str) -> int:
        """Register and stage a file whose first row is line 2; the import's id."""
        import_id = int((await self.register(person, rows, name))["import_id"])
        await self.call(
            person,
            "ingest_stage_rows",
            p_import_id=import_id,
            p_row_nos=list(range(2, len(rows) + 2)),
            p_rows=[json.dumps(dict(row)) for row in rows],
            p_errors=[None] * len(rows),
        )
        await self.call(person, "ingest_finish_staging", p_import_id=import_id, p_total_rows=len(rows))
        return import_id

    async def process(self, person: Person, import_id: int, chunk: int) -> Any:
        """Process chunks until the import is closed; the import then."""
        while True:
            found = json.loads(
                await self.call(person, "process_import_leads", p_import_id=import_id, p_limit=chunk)
            )
            if found["status"] in ("completed", "failed"):
                return found


@asynccontextmanager
async def callers(url: str, count: int) -> AsyncIterator[list[Caller]]:
    """`count` connections of the log-in behind `url`."""
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(count):
            connection = await asyncpg.connect(url)
            stack.push_async_callback(connection.close)
            connections.append(connection)
        yield [Caller(connection) for connection in connections]


async def at_once(*work: Awaitable[T]) -> list[T]:
    """The results of all, begun together; every failure is reported, not only the first."""
    results = await asyncio.gather(*work, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        raise BaseExceptionGroup(f"{len(failures)} of {len(results)} failed", failures)
    return [result for result in results if not isinstance(result, BaseException)]


def lead(name: str, **more: str) -> dict[str, str]:
    """A lead of a company nobody else has, but for what `more` says."""
    digits = str(int(hashlib.sha256(name.encode()).hexdigest(), 16))
    return {
        "company_name": f"PT {name}",
        "pic_name": f"Pic of {name}",
        "contact_phone": f"08{digits[:10]}",
        "email": f"{digits[:12]}@mail.example",
        "city_area": "Jakarta",
        "service_code": "EXI_AF",
        "primary_channel": "SEM",
        **more,
    }


def npwp(number: int) -> str:
    """A tax number of 15 digits."""
    return f"{number:015d}"
