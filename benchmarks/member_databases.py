"""Databases of members of any size, and files of rows.

Records are written by SQL with triggers and foreign keys off and indexes built afterwards, their kept counts
beside them; by the rules a million of them would take longer than what is measured. For whoever reads, they
are what an import would have made: distinct members with a name, a link, an account and a day, each at a
random place of the random order.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

HEADER = ("username", "name", "telpon", "rekening", "joined")
MODULE = "member_wd"


async def product(admin: asyncpg.Connection, org_id: UUID, name: str) -> int:
    return int(
        await admin.fetchval(
            "insert into members.products (org_id, name) values ($1, $2) returning product_id", org_id, name
        )
    )


async def fill(
    admin: asyncpg.Connection, org_id: UUID, product_id: int, databases: dict[str, int]
) -> list[int]:
    """The ids of new databases, by name, of so many available records each. Within `without_indexes`."""
    ids = []
    for name, records in databases.items():
        database_id = int(await admin.fetchval(_DATABASE, org_id, MODULE, name, product_id, list(HEADER)))
        await admin.execute(_RECORDS, org_id, MODULE, database_id, name, records)
        await admin.execute(_KEYS, org_id, database_id)
        await admin.execute(_COUNTS, org_id, database_id, records)
        ids.append(database_id)
    return ids


@asynccontextmanager
async def without_indexes(admin: asyncpg.Connection) -> AsyncIterator[None]:
    """Records written meanwhile fire no trigger, and are indexed and analyzed at the end, all at once."""
    async with admin.transaction():
        await admin.execute("set local session_replication_role = replica")
        await admin.execute("set local maintenance_work_mem = '512MB'")
        indexes = await admin.fetch(_INDEXES)
        for index in indexes:
            await admin.execute(f"drop index {index['name']}")
        yield
        for index in indexes:
            await admin.execute(index["definition"])
    await admin.execute("vacuum analyze members.records, members.record_keys")


async def reserve(
    admin: asyncpg.Connection, org_id: UUID, product_id: int, name: str, records: int, reservations: int
) -> None:
    """Reserve so many customers of the database `name`, from its first to its last, by the rules."""
    await admin.execute(_RESERVATIONS, org_id, product_id, name, reservations, records // reservations)
    await admin.execute("vacuum analyze members.reservations, members.reservation_keys")


def rows(name: str, count: int) -> Iterator[dict[str, str]]:
    """Rows of a file: members whom no other file names."""
    for number in range(count):
        yield {
            "username": f"{name}{number}",
            "name": f"Member Number {number}",
            "telpon": f"wa.me/62811{number:08d}",
            "rekening": f"'{number * 7919 % 10_000_000_000:010d}",
            "joined": f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        }


_INDEXES = """
    select x.indexrelid::regclass::text as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x
    where x.indrelid in ('members.records'::regclass, 'members.record_keys'::regclass)
      and not exists (select from pg_constraint c where c.conindid = x.indexrelid)
"""

_DATABASE = """
    insert into members.databases (
        org_id, module, name, product_id, file_name, columns, key_column, name_column, phone_column
    )
    values ($1, $2, $3, $4, $3 || '.csv', $5, 'username', 'name', 'telpon')
    returning database_id
"""

_RECORDS = """
    insert into members.records (
        org_id, module, database_id, row_number, row_data, customer_id, customer_name, phone, match_keys
    )
    select
        $1, $2, $3::bigint, m.n, jsonb_object('{username,name,telpon,rekening,joined}', m.cells), m.cells[1],
        m.cells[2], m.cells[3], members.match_keys(m.cells)
    from (
        select
            n,
            array[
                $4 || n, 'Member Number ' || n, 'wa.me/62811' || lpad(n::text, 8, '0'),
                '''' || lpad((n * 7919::bigint)::text, 10, '0'),
                (date '2024-01-01' + n % 336)::text
            ] as cells
        from generate_series(1, $5::integer) n
    ) m
    order by m.n
"""

_KEYS = """
    insert into members.record_keys (org_id, database_id, record_id, match_keys)
    select r.org_id, r.database_id, r.record_id, r.match_keys
    from members.records r
    where r.org_id = $1 and r.database_id = $2
    order by r.record_id
"""

_COUNTS = """
    insert into members.record_counts (org_id, database_id, slot, available, entered)
    values ($1, $2, 0, $3, $3)
"""

_RESERVATIONS = """
    insert into members.reservations (org_id, product_id, customer_id, staff_id, status, approved_at)
    select
        $1, $2, $3 || n * $5::integer, (select p.user_id from app.profiles p where p.org_id = $1 limit 1),
        'approved', now()
    from generate_series(1, $4::integer) n
"""
