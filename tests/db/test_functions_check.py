"""What `check_function_bodies = off` let through while building must not come out at run time."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.servers import Server

_OURS = """
    p.pronamespace in (select oid from pg_namespace where nspowner = 'pgcrm_owner'::regrole)
    and p.prokind in ('f', 'p')
"""

_DEFINITIONS = f"""
    select p.oid::regprocedure::text, pg_get_functiondef(p.oid) from pg_proc as p where {_OURS} order by 1
"""

# A trigger function is checked once for each of its tables. Its transition tables are those of all its
# triggers: a function that branches on tg_op names old rows though its insert trigger has none.
_FINDINGS = f"""
    with calls as (
        select p.oid as function_id, p.prorettype = 'trigger'::regtype as is_trigger, t.tgrelid
            as relation_id,
            max(max(t.tgoldtable)) over (partition by p.oid) as old_table,
            max(max(t.tgnewtable)) over (partition by p.oid) as new_table
        from pg_proc as p
        join pg_language as l on l.oid = p.prolang and l.lanname = 'plpgsql'
        left join pg_trigger as t on t.tgfoid = p.oid and not t.tgisinternal
        where {_OURS}
        group by p.oid, t.tgrelid
    )
    select concat_ws(' ', c.function_id::regprocedure, 'on ' || nullif(c.relation_id, 0)::regclass, 'line',
        f.lineno,
        f.level, f.sqlstate, f.message, f.detail, f.hint, f.query)
    from calls as c
    cross join lateral plpgsql_check_function_tb(
        funcoid => c.function_id, relid => coalesce(c.relation_id, 0),
        oldtable => c.old_table, newtable => c.new_table,
        other_warnings => true, extra_warnings => true, security_warnings => true, performance_warnings =>
        false
    ) as f
    where (not c.is_trigger or c.relation_id is not null)
        -- helpers that run a test's statement: executing text is what they are for
        and not (f.level = 'security' and c.function_id::regproc::text like 'tests.%')
    order by 1
"""

_TRIGGER_FUNCTIONS_WITHOUT_TRIGGER = f"""
    select p.oid::regprocedure::text from pg_proc as p
    where {_OURS} and p.prorettype = 'trigger'::regtype and not exists (select from pg_trigger as t
        where t.tgfoid = p.oid)
    order by 1
"""


def test_every_function_can_be_created_with_its_body_checked(database: str) -> None:
    failures = []
    with psycopg.connect(database) as connection:
        connection.execute("set local role pgcrm_owner; set local check_function_bodies = on")
        for name, definition in connection.execute(_DEFINITIONS.encode()).fetchall():
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(definition.encode())
            except psycopg.Error as error:
                failures.append(f"{name}: {error}")
        connection.rollback()
    assert failures == []


@pytest.fixture
def checking(database: str, server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A transaction with plpgsql_check in it, rolled back at the end."""
    if server.version != 15:
        pytest.skip("plpgsql_check is packaged for PostgreSQL 15: PG=15")
    with psycopg.connect(database) as connection:
        connection.execute("create extension plpgsql_check schema public")
        connection.execute("set local search_path = public, pg_catalog")
        yield connection
        connection.rollback()


def findings(connection: psycopg.Connection[Any]) -> list[str]:
    """What plpgsql_check says of our functions, one line each."""
    return [str(line) for (line,) in connection.execute(_FINDINGS.encode()).fetchall()]


def test_plpgsql_check_finds_nothing(checking: psycopg.Connection[Any]) -> None:
    assert findings(checking) == []


def test_plpgsql_check_would_find_what_is_wrong(checking: psycopg.Connection[Any]) -> None:
    """Planted faults where they are easy to miss: a transition table's column, a definer's dynamic SQL."""
    checking.execute(
        """
        set local role pgcrm_owner;
        set local check_function_bodies = off;
        create table app.planted (name text);
        create function app.planted_trigger() returns trigger language plpgsql as
            'begin perform n.nome from new_rows as n; return null; end';
        create trigger planted after insert on app.planted referencing new table as new_rows
            for each statement execute function app.planted_trigger();
        create function app.planted_sql(p_name text) returns void language plpgsql as
            'begin execute p_name; end';
        reset role;
        """
    )
    found = findings(checking)
    assert any("app.planted_trigger() on app.planted" in line and "nome" in line for line in found)
    assert any("app.planted_sql(text)" in line and "sanitized" in line for line in found)


def test_every_trigger_function_has_a_trigger(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute(_TRIGGER_FUNCTIONS_WITHOUT_TRIGGER.encode()).fetchall() == []
