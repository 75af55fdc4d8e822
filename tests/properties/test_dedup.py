"""A file of leads makes the customers that its rows would make one at a time, wherever its chunks are cut."""

import hashlib
import json
from typing import Any

import psycopg
from hypothesis import example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

Row = tuple[int, int, int, int | None]
"""Numbers of company, e-mail, phone and NPWP."""

ROW = st.tuples(
    st.integers(0, 3),
    st.integers(0, 4),
    st.integers(0, 4),
    st.one_of(st.none(), st.none(), st.integers(0, 2)),
)


def fields(row: Row, number: int) -> dict[str, str]:
    company, email, phone, npwp = row
    return {
        "company_name": f"PT Number {company}",
        "email": f"e{email}@file.example",
        "contact_phone": f"0811 000 {phone:03d}",
        "pic_name": f"Pic {number}",
        "notes": str(number),
        "city_area": "Jakarta",
        "service_code": "EXI_AF",
        "primary_channel": "SEM",
    } | ({} if npwp is None else {"npwp": f"{npwp + 1:015d}"})


def one_at_a_time(connection: psycopg.Connection, who: str, rows: list[Row], first: int) -> None:
    connection.execute("select tests.become(%s)", [who])
    for number, row in enumerate(rows, first):
        connection.execute("select api.crm_create_lead_bundle(%s)", [Jsonb(fields(row, number))])


def as_a_file(connection: psycopg.Connection, who: str, rows: list[Row], first: int, chunk: int) -> None:
    connection.execute("select tests.become(%s)", [who])
    cells = [json.dumps(fields(row, number)) for number, row in enumerate(rows, first)]
    digest = hashlib.sha256("".join(cells).encode()).hexdigest()
    created = connection.execute(
        "select api.ingest_create_import('leads', 'f.csv', 'text/csv', 1, %s, 'import-files', %s, %s)",
        [digest, digest, [*fields((0, 0, 0, 0), 0)]],
    ).fetchone()
    assert created is not None
    import_id = created[0]["import_id"]
    connection.execute(
        "select api.ingest_stage_rows(%s, %s::bigint[], %s, %s)",
        [import_id, [number + 1 for number in range(first, first + len(cells))], cells, [None] * len(cells)],
    )
    connection.execute("select api.ingest_finish_staging(%s, %s)", [import_id, len(cells)])
    status = "uploaded"
    while status not in ("completed", "failed"):
        answer = connection.execute("select api.process_import_leads(%s, %s)", [import_id, chunk]).fetchone()
        assert answer is not None
        status = answer[0]["status"]
        assert answer[0]["error_rows"] == 0, answer[0]


def customers(connection: psycopg.Connection, org: str) -> list[Any]:
    """Which leads belong together, and what their customers know, without ids."""
    connection.execute("select tests.become_owner()")
    return connection.execute(
        """
        select
            array_agg(l.notes::integer order by l.notes::integer) as leads,
            c.npwp_key, c.company_key,
            (select array_agg(t.full_name order by t.full_name) from crm.contacts t
             where t.org_id = c.org_id and t.customer_id = c.customer_id),
            (select t.full_name from crm.contacts t
             where t.org_id = c.org_id and t.customer_id = c.customer_id and t.is_primary),
            (select array_agg(k.kind || ' ' || k.key order by k.kind, k.key) from crm.customer_keys k
             where k.org_id = c.org_id and k.customer_id = c.customer_id)
        from crm.customers c
        join crm.leads l on l.org_id = c.org_id and l.customer_id = c.customer_id
        where c.org_id = (select o.org_id from app.organizations o where o.slug = %s)
        group by c.org_id, c.customer_id, c.npwp_key, c.company_key
        order by 1
        """,
        [org],
    ).fetchall()


@given(
    before=st.lists(ROW, max_size=3),
    rows=st.lists(ROW, min_size=1, max_size=9),
    chunk=st.integers(1, 9),
)
@example(before=[], rows=[(0, 0, 0, None), (0, 1, 1, None), (2, 1, 2, None)], chunk=9)
@example(before=[(0, 0, 0, None)], rows=[(0, 1, 1, None), (2, 1, 2, None)], chunk=9)
@example(before=[(0, 0, 0, 0), (1, 1, 1, None)], rows=[(3, 1, 4, 0), (2, 1, 3, None)], chunk=9)
@example(before=[], rows=[(1, 1, 1, None), (0, 0, 1, None), (0, 0, 0, 0), (0, 1, 0, 1)], chunk=4)
@example(
    before=[(2, 2, 4, 0), (0, 3, 4, None), (2, 2, 4, None)],
    rows=[(3, 1, 2, None), (3, 0, 2, None), (0, 2, 4, 0), (0, 1, 2, 0)],
    chunk=9,
)
@settings(max_examples=60)
def test_a_file_is_its_rows_one_at_a_time(
    connection: psycopg.Connection, before: list[Row], rows: list[Row], chunk: int
) -> None:
    with connection.transaction(force_rollback=True):
        one_at_a_time(connection, "mm@alpha.test", before + rows, 0)
        one_at_a_time(connection, "mm@beta.test", before, 0)
        as_a_file(connection, "mm@beta.test", rows, len(before), chunk)
        assert customers(connection, "beta") == customers(connection, "alpha")
