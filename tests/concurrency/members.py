"""Databases of members for people who work on them at once, and what must be true of them afterwards."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from callers import Caller

from tests.support.people import Person

OWNER = "pgcrm_owner"
MODULE = "member_wd"
HEADER = ("username", "name", "telpon", "rekening")


class Scene:
    """Databases of one organisation, as their owner makes and inspects them. End with `close`."""

    def __init__(self, connection: asyncpg.Connection, url: str, org_id: UUID) -> None:
        self._connection = connection
        self._url = url
        self.org_id = org_id

    @classmethod
    async def of(cls, url: str, org_id: UUID) -> "Scene":
        connection = await asyncpg.connect(url)
        await connection.execute(f"set role {OWNER}")
        return cls(connection, url, org_id)

    async def close(self) -> None:
        await self._connection.close()

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        return [tuple(row) for row in await self._connection.fetch(query, *arguments)]

    async def product(self, name: str) -> int:
        return int(await self._connection.fetchval(_PRODUCT, self.org_id, name))

    async def database(self, name: str, count: int, module: str = MODULE) -> int:
        """`count` available members `<name>1` … of a product with the same name."""
        product_id = await self.product(name)
        return int(await self._connection.fetchval(_DATABASE, self.org_id, module, name, product_id, count))

    async def approve(self, customer: str, staff: Person, product: str, *, pending_first: bool) -> set[int]:
        """Reserve a customer; the assignments of the customer that were there when it was approved.

        The lock that approving takes lets nobody hand out a record meanwhile: whatever is not among these
        came after the approval, whatever clocks say.
        """
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute(f"set role {OWNER}")
            product_id = await connection.fetchval(_PRODUCT, self.org_id, product)
            add = "select members.add_reservation($1, $2, $3, $4, null, $5)"
            if pending_first:
                reserved = await connection.fetchval(
                    add, self.org_id, product_id, customer, staff.user_id, False
                )
            async with connection.transaction():
                if pending_first:
                    approving = "select members.approve_reservation($1, $2)"
                    await connection.execute(approving, self.org_id, reserved)
                else:
                    await connection.execute(add, self.org_id, product_id, customer, staff.user_id, True)
                return {row[0] for row in await connection.fetch(_ASSIGNMENTS_OF, self.org_id, customer)}
        finally:
            await connection.close()

    async def assignments_of(self, customer: str) -> set[int]:
        return {row[0] for row in await self.fetch(_ASSIGNMENTS_OF, self.org_id, customer)}

    async def check(self, database_id: int, reader: Caller, admin: Person) -> None:
        """What is true of a database whenever nobody is at work on it."""
        assert await self.fetch(_NOT_AS_ASSIGNED, database_id) == []
        assert await self.fetch(_REPLACED_WRONGLY, database_id) == []
        counted = await self.fetch(_COUNTED, database_id)
        assert await self.fetch(_KEPT, database_id) == counted
        available, requested, assigned, archived, conflicts = counted[0]
        ((excluded,),) = await self.fetch(_RESERVED, self.org_id, database_id)
        shown = await reader.read(
            admin,
            "select total_records, available_count, requested_count, assigned_count, archived_count,"
            " excluded_count, conflict_count from api.v_database_counts where database_id = $1",
            database_id,
        )
        total = available + requested + assigned + archived
        assert shown == [(total, available - excluded, requested, assigned, archived, excluded, conflicts)]
        assert await reader.read(
            admin,
            "select batch_id, current_count from api.batches where database_id = $1 order by 1",
            database_id,
        ) == await self.fetch(_CARDS, database_id)


def assignment(database_id: int, staff: Person, quantity: int, **more: Any) -> str:
    """The body of an assignment at random."""
    return json.dumps(
        {"database_id": database_id, "staff_id": str(staff.user_id), "quantity": quantity, **more}
    )


async def register(
    caller: Caller, person: Person, product_id: int, rows: Sequence[Mapping[str, str]], name: str
) -> int:
    """Register and stage a file of members whose first row is line 2; the import's id."""
    body = await caller.call(
        person,
        "ingest_create_import",
        p_module="member_records",
        p_file_name=f"{name}.csv",
        p_mime_type="text/csv",
        p_size_bytes=1,
        p_sha256=name.encode().hex().rjust(64, "0"),
        p_bucket="import-files",
        p_path=f"{person.user_id}/{name}",
        p_header=list(HEADER),
        p_options=json.dumps({"record_module": MODULE, "product_id": product_id, "name": name}),
    )
    import_id = int(json.loads(body)["import_id"])
    await caller.call(
        person,
        "ingest_stage_rows",
        p_import_id=import_id,
        p_row_nos=list(range(2, len(rows) + 2)),
        p_rows=[json.dumps(dict(row)) for row in rows],
        p_errors=[None] * len(rows),
    )
    await caller.call(person, "ingest_finish_staging", p_import_id=import_id, p_total_rows=len(rows))
    return import_id


def member(name: str, number: int) -> dict[str, str]:
    """A row of a file: nobody else's values."""
    return {
        "username": f"{name}{number}",
        "name": f"Member {name} {number}",
        "telpon": f"wa.me/62811{number:07d}",
        "rekening": f"'{number:010d}",
    }


_PRODUCT = """
    with made as (
        insert into members.products (org_id, name) values ($1, $2)
        on conflict (org_id, name_key) do nothing
        returning product_id
    )
    select product_id from made
    union all
    select product_id from members.products where org_id = $1 and name = $2
"""

_DATABASE = """
    with made as (
        insert into members.databases (
            org_id, module, name, product_id, file_name, columns, key_column, name_column, phone_column
        )
        values ($1, $2, $3, $4, $3 || '.csv', '{username,name}', 'username', 'name', null)
        returning database_id
    ),
    filled as (
        insert into members.records (
            org_id, module, database_id, row_number, row_data, customer_id, customer_name, match_keys
        )
        select
            $1, $2, m.database_id, n, jsonb_build_object('username', $3 || n, 'name', 'Name ' || n), $3 || n,
            'Name ' || n, members.match_keys(array[$3 || n, 'Name ' || n])
        from made m, generate_series(1, $5::integer) n
    )
    select database_id from made
"""

_ASSIGNMENTS_OF = """
    select a.assignment_id
    from members.assignments a
    join members.records r on r.org_id = a.org_id and r.record_id = a.record_id
    where a.org_id = $1 and r.match_keys @> array[upper($2)]
"""

# A record is assigned exactly when it has one live assignment, of the same staff, batch and time.
_NOT_AS_ASSIGNED = """
    select r.record_id, r.status, a.staff_ids
    from members.records r
    left join lateral (
        select
            array_agg(a.staff_id) as staff_ids, array_agg(a.batch_id) as batch_ids,
            array_agg(a.assigned_at) as times
        from members.assignments a
        where a.org_id = r.org_id and a.record_id = r.record_id and a.ended_at is null
    ) a on true
    where r.database_id = $1
      and case
          when r.status = 'assigned' then
              (a.staff_ids, a.batch_ids, a.times)
              is distinct from (array[r.assigned_to], array[r.batch_id], array[r.assigned_at])
          else a.staff_ids is not null
      end
"""

_REPLACED_WRONGLY = """
    select a.assignment_id, count(*) over (partition by a.replaces_assignment_id)
    from members.assignments a
    join members.assignments o on o.org_id = a.org_id and o.assignment_id = a.replaces_assignment_id
    where a.database_id = $1
      and (
          (a.database_id, a.batch_id, a.staff_id) is distinct from (o.database_id, o.batch_id, o.staff_id)
          or o.outcome is distinct from 'archived'
          or 1 < (
              select count(*)
              from members.assignments t
              where t.org_id = a.org_id and t.replaces_assignment_id = a.replaces_assignment_id
          )
      )
"""

_COUNTED = """
    select
        count(*) filter (where status = 'available'), count(*) filter (where status = 'requested'),
        count(*) filter (where status = 'assigned'), count(*) filter (where status = 'invalid_archived'),
        count(*) filter (where is_reservation_conflict)
    from members.records
    where database_id = $1
"""

_KEPT = """
    select
        sum(available)::bigint, sum(requested)::bigint, sum(assigned)::bigint, sum(archived)::bigint,
        sum(conflicts)::bigint
    from members.record_counts
    where database_id = $1
"""

# By the rule itself, not by the keys that are kept.
_RESERVED = """
    select count(*)
    from members.records r
    where r.org_id = $1 and r.database_id = $2 and r.status = 'available'
      and exists (
          select
          from jsonb_each_text(r.row_data) c
          join members.reservations v
              on v.org_id = r.org_id and v.status = 'approved'
              and upper(btrim(v.customer_id)) = upper(btrim(c.value))
      )
"""

_CARDS = """
    select b.batch_id, (
        select count(*) from members.assignments a
        where a.org_id = b.org_id and a.batch_id = b.batch_id and a.ended_at is null
    )
    from members.batches b
    where b.database_id = $1 and b.closed_at is null
    order by 1
"""
