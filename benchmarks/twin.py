"""The limit of a write: the very same rows in a database that has the tables and no rules.

The twin is a copy of the database with every trigger disabled, foreign keys' included. What a benchmark made
in the real one is read back, transaction by transaction, and written to the twin as it stands: ids and stamps
given, no lock, no look-up, in plain inserts by the owner.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

import asyncpg

from benchmarks.house import OWNER, House

COUNTERS = ("app.id_sequences", "crm.lead_counts")
"""Not rows that are made but rows that everybody changes; in the limit ids are given."""


@dataclass(frozen=True)
class Table:
    schema: str
    name: str
    columns: tuple[str, ...]
    """All but generated ones."""

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def column_list(self) -> str:
        return ", ".join(self.columns)


Bundle = list[tuple[Table, list[asyncpg.Record]]]
"""The rows of one transaction."""


class Twins:
    """Two databases, `real` and `bare`, equal but for the rules. Make them with `of`, end with `close`."""

    def __init__(
        self, house: House, real: str, bare: str, admin: asyncpg.Connection, tables: list[Table]
    ) -> None:
        self.real = real
        self.bare = bare
        self._house = house
        self._admin = admin
        self._tables = tables

    @classmethod
    async def of(cls, house: House) -> Self:
        real, bare = await house.clone(), await house.clone()
        admin = await asyncpg.connect(house.admin_url(real))
        tables = [Table(row[0], row[1], tuple(row[2])) for row in await admin.fetch(_TABLES)]
        without = await asyncpg.connect(house.admin_url(bare))
        for table in tables:
            await without.execute(f"alter table {table} disable trigger all")
        await without.close()
        return cls(house, real, bare, admin, tables)

    async def close(self) -> None:
        await self._admin.close()

    async def owner_of_bare(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(self._house.admin_url(self.bare))
        await connection.execute(f"set role {OWNER}")
        return connection

    async def now(self) -> int:
        """A moment of the real database: rows written from here on are `since` it."""
        return int(await self._admin.fetchval("select pg_snapshot_xmax(pg_current_snapshot())::text"))

    async def bundles(self, since: int) -> list[Bundle]:
        """Every row that was written since, by the transaction that wrote it."""
        found: dict[int, Bundle] = defaultdict(list)
        for table in self._tables:
            by_transaction: dict[int, list[asyncpg.Record]] = defaultdict(list)
            query = f"select xmin::text::bigint, {table.column_list} {_from(table, since)}"
            for row in await self._admin.fetch(query):
                by_transaction[row[0]].append(row)
            for transaction, rows in by_transaction.items():
                found[transaction].append((table, rows))
        return list(found.values())

    async def copied(self, since: int) -> list[tuple[Table, bytes]]:
        """Every row that was written since, as COPY takes it."""
        files = []
        for table in self._tables:
            buffer = BytesIO()
            query = f"select {table.column_list} {_from(table, since)}"
            if await self._admin.copy_from_query(query, output=buffer, format="binary") != "COPY 0":
                files.append((table, buffer.getvalue()))
        return files

    async def check(self) -> None:
        """Raises RuntimeError unless both hold the same number of rows, table by table."""
        bare = await self.owner_of_bare()
        try:
            for table in self._tables:
                query = f"select count(*) from {table}"
                real, copied = await self._admin.fetchval(query), await bare.fetchval(query)
                if real != copied:
                    raise RuntimeError(f"{table}: {real} rows by the rules, {copied} without")
        finally:
            await bare.close()


async def insert(connection: asyncpg.Connection, bundle: Bundle) -> None:
    """One transaction: begin, a prepared insert for each table, commit."""
    await connection.execute("begin")
    for table, rows in bundle:
        await connection.execute(f"insert into {_values(table, len(rows))}", *_arguments(rows))
    await connection.execute("commit")


async def insert_at_once(connection: asyncpg.Connection, bundle: Bundle) -> None:
    """The same in the three round trips of a request: all inserts as one prepared statement."""
    parts, arguments = [], list[Any]()
    for table, rows in bundle:
        parts.append(f"{table.name} as (insert into {_values(table, len(rows), first=len(arguments) + 1)})")
        arguments += _arguments(rows)
    await connection.execute("begin")
    await connection.execute(f"with {', '.join(parts)} select 1", *arguments)
    await connection.execute("commit")


async def copy(connection: asyncpg.Connection, files: Iterable[tuple[Table, bytes]]) -> None:
    """All rows in one transaction."""
    async with connection.transaction():
        for table, content in files:
            await connection.copy_to_table(
                table.name,
                schema_name=table.schema,
                columns=table.columns,
                source=BytesIO(content),
                format="binary",
            )


def _values(table: Table, rows: int, first: int = 1) -> str:
    """What follows `insert into` for so many rows, with parameters from `$first` on."""
    width = len(table.columns)
    numbers = range(first, first + rows * width, width)
    values = (", ".join(f"${number + column}" for column in range(width)) for number in numbers)
    return f"{table} ({table.column_list}) overriding system value values ({'), ('.join(values)})"


def _arguments(rows: Iterable[asyncpg.Record]) -> list[Any]:
    return [value for row in rows for value in row[1:]]


def _from(table: Table, since: int) -> str:
    return f"from {table} where xmin::text::bigint >= {since}"


_TABLES = f"""
    select n.nspname, c.relname, array_agg(quote_ident(a.attname) order by a.attnum)
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('app', 'crm', 'desk', 'ingest')
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and c.oid <> all ('{{{", ".join(COUNTERS)}}}'::regclass[])
    group by n.nspname, c.relname
    order by n.nspname, c.relname
"""
