"""One request, one transaction: nobody ever works with another's identity, whatever is cancelled or lost."""

import asyncio
import random
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import psycopg
import pytest

from db.session import Database, DatabaseUnavailable, OutcomeUnknown

WHO = "select current_setting('pgcrm.uid')::uuid, app.uid(), current_user::text"


@pytest.fixture(scope="module")
def people(database) -> list[tuple[UUID, UUID]]:
    """Eight people of three organisations: (user_id, org_id)."""
    found = []
    with psycopg.connect(database) as connection:
        for number in range(3):
            name = f"session-{uuid4().hex[:8]}"
            org_id = connection.execute("select app.create_organization(%s, %s)", (name, name)).fetchone()[0]
            for _ in range(3 if number < 2 else 2):
                email = f"{uuid4().hex[:8]}@session.test"
                values = (org_id, email, email, "super_admin", "MKT")
                row = connection.execute("select app.create_profile(%s, %s, %s, %s, %s)", values).fetchone()
                found.append((row[0], org_id))
    return found


@pytest.fixture
async def pool(database) -> AsyncIterator[Database]:
    """A pool of four, over the administrator's log-in: a gateway like the BFF's."""
    made = Database(database, pool_size=4, acquire_timeout=30)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def admin(database):
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


async def test_work_is_done_as_the_person_and_as_nobody_else(pool, people):
    user_id, _ = people[0]

    async def work(connection):
        return await connection.fetchrow(WHO)

    assert tuple(await pool.run(user_id, {}, work)) == (user_id, user_id, "authenticated")


async def test_what_work_wrote_is_there_afterwards_and_what_failed_is_not(pool, people, admin):
    user_id, _ = people[0]
    admin.execute("create table api.session_notes (note text)")
    admin.execute("grant insert, select on api.session_notes to authenticated")

    async def write(connection, note: str, fail: bool):
        await connection.fetch("insert into api.session_notes values ($1)", note)
        if fail:
            raise ZeroDivisionError

    await pool.run(user_id, {}, lambda c: write(c, "kept", False))
    with pytest.raises(ZeroDivisionError):
        await pool.run(user_id, {}, lambda c: write(c, "lost", True))
    assert admin.execute("select note from api.session_notes").fetchall() == [("kept",)]
    assert pool.idle == pool.size


async def test_a_reader_cannot_write(pool, people):
    async def write(connection):
        return await connection.fetchval("select api.crm_create_lead_bundle('{}')")

    with pytest.raises(asyncpg.PostgresError):
        await pool.run(people[0][0], {}, write, read_only=True)

    async def read_only(connection):
        return await connection.fetchval("show transaction_read_only")

    assert await pool.run(people[0][0], {}, read_only, read_only=True) == "on"
    assert await pool.run(people[0][0], {}, read_only) == "off"


async def test_a_stranger_does_not_get_in(pool):
    async def work(connection):
        raise AssertionError("this must not be reached")

    with pytest.raises(asyncpg.PostgresError) as caught:
        await pool.run(uuid4(), {}, work)
    assert caught.value.sqlstate == "PT401"
    assert caught.value.hint == "auth.unknown_user"


async def test_context_is_data_whatever_it_says(pool, people):
    evil = "'); select set_config('pgcrm.uid', 'x', false); --\\' $$ \U0001f418 \"\n"

    async def work(connection):
        row = await connection.fetchrow(
            "select current_setting('pgcrm.context')::jsonb ->> 'user_agent', app.uid()"
        )
        return tuple(row)

    assert await pool.run(people[0][0], {"user_agent": evil}, work) == (evil, people[0][0])


async def test_work_that_hides_a_failure_is_not_taken_for_a_success(pool, people):
    async def work(connection):
        try:
            await connection.fetch("select 1 / 0")
        except asyncpg.DivisionByZeroError:
            return "all is well"

    with pytest.raises(RuntimeError):
        await pool.run(people[0][0], {}, work)


async def test_64_at_once_with_cancellations_never_see_somebody_else(pool, people):
    """64 parallel requests of 8 people of 3 organisations over a pool of 4; about a third are cancelled."""
    dice = random.Random(5)
    seen, cancelled = 0, 0

    async def ask(user_id: UUID, org_id: UUID, seconds: float) -> None:
        nonlocal seen

        async def work(connection):
            before = await connection.fetchrow(WHO)
            await connection.fetch("select pg_sleep($1)", seconds)
            organisations = await connection.fetch("select org_id from app.organizations")
            return before, organisations, await connection.fetchrow(WHO)

        before, organisations, after = await pool.run(user_id, {"request_id": str(user_id)}, work)
        assert tuple(before) == tuple(after) == (user_id, user_id, "authenticated")
        assert [row[0] for row in organisations] == [org_id]
        seen += 1

    for _ in range(5):
        tasks = [asyncio.create_task(ask(*dice.choice(people), dice.random() * 0.02)) for _ in range(64)]
        while not all(task.done() for task in tasks):
            await asyncio.sleep(dice.random() * 0.01)
            if dice.random() < 0.5:
                dice.choice(tasks).cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome
            cancelled += outcome is not None
    assert seen > 100
    assert cancelled > 20
    assert pool.size <= 4
    assert pool.idle == pool.size
    assert pool.waiting == 0


async def test_a_cancelled_statement_ends_on_the_server_too(pool, people, admin):
    async def work(connection):
        await connection.fetch("select pg_sleep(60), 'left behind'")

    task = asyncio.create_task(pool.run(people[0][0], {}, work))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    left = (
        "select count(*) from pg_stat_activity"
        " where query like '%left behind%' and state <> 'idle' and pid <> pg_backend_pid()"
    )
    for _ in range(50):
        if admin.execute(left).fetchone() == (0,):
            break
        await asyncio.sleep(0.1)
    assert admin.execute(left).fetchone() == (0,)
    open_work = (
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and state like 'idle in transaction%'"
    )
    assert admin.execute(open_work).fetchone() == (0,)


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_conflict_is_tried_again_as_a_whole(pool, people, state):
    attempts = 0

    async def work(connection):
        nonlocal attempts
        attempts += 1
        if attempts < 4:
            await connection.fetch(f"do $$ begin raise exception using errcode = '{state}'; end $$")
        return await connection.fetchval("select app.uid()")

    assert await pool.run(people[1][0], {}, work) == people[1][0]
    assert attempts == 4


async def test_a_conflict_that_does_not_end_is_reported(pool, people):
    attempts = 0

    async def work(connection):
        nonlocal attempts
        attempts += 1
        await connection.fetch("do $$ begin raise exception using errcode = '40001'; end $$")

    with pytest.raises(asyncpg.SerializationError):
        await pool.run(people[1][0], {}, work)
    assert attempts == 5


async def test_a_plan_that_a_migration_made_invalid_is_made_again(database, people, admin):
    admin.execute("create table api.session_shape (a integer)")
    admin.execute("grant select on api.session_shape to authenticated")
    pool = Database(database, pool_size=1)
    await pool.open()

    async def work(connection):
        return await connection.fetch("select * from api.session_shape")

    try:
        await pool.run(people[0][0], {}, work)
        admin.execute("alter table api.session_shape add b text")
        assert await pool.run(people[0][0], {}, work) == []
        admin.execute("alter table api.session_shape alter a type text")
        assert await pool.run(people[0][0], {}, work) == []
    finally:
        await pool.close()


async def test_a_lost_connection_is_reported_and_replaced(pool, people, admin):
    user_id, _ = people[0]

    async def work(connection):
        pid = await connection.fetchval("select pg_backend_pid()")
        admin.execute("select pg_terminate_backend(%s)", (pid,))
        return await connection.fetchval("select app.uid()")

    with pytest.raises(DatabaseUnavailable):
        await pool.run(user_id, {}, work)
    assert await pool.run(user_id, {}, lambda c: c.fetchval("select app.uid()")) == user_id


async def test_connections_that_died_unused_cost_nobody_a_request(pool, people, admin):
    user_id, _ = people[0]

    def everybody():
        return [pool.run(user_id, {}, lambda c: c.fetchval("select app.uid()")) for _ in range(12)]

    await asyncio.gather(*everybody())
    admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and query = 'commit' and pid <> pg_backend_pid()"
    )
    assert set(await asyncio.gather(*everybody())) == {user_id}


async def test_a_change_whose_commit_was_lost_is_not_called_a_failure(pool, people, admin):
    """Nobody can know whether it happened: the caller is told to repeat it with the same key."""
    admin.execute("create table api.session_slow (a integer)")
    admin.execute("grant insert on api.session_slow to authenticated")
    admin.execute(
        "create function api.session_slow() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(30); return null; end $$"
    )
    admin.execute(
        "create constraint trigger slow after insert on api.session_slow deferrable initially deferred"
        " for each row execute function api.session_slow()"
    )
    committing = (
        "from pg_stat_activity where datname = current_database() and query = 'commit' and state = 'active'"
    )
    task = asyncio.create_task(
        pool.run(people[0][0], {}, lambda c: c.fetch("insert into api.session_slow values (1)"))
    )
    for _ in range(100):
        if admin.execute(f"select count(*) {committing}").fetchone() == (1,):
            break
        await asyncio.sleep(0.05)
    admin.execute(f"select pg_terminate_backend(pid) {committing}")
    with pytest.raises(OutcomeUnknown):
        await task


async def test_a_pool_without_a_free_connection_says_so_in_time(database, people):
    pool = Database(database, pool_size=1, acquire_timeout=0.2)
    await pool.open()

    async def slow(connection):
        await connection.fetch("select pg_sleep(1)")

    try:
        busy = asyncio.create_task(pool.run(people[0][0], {}, slow))
        await asyncio.sleep(0.2)
        with pytest.raises(DatabaseUnavailable):
            await pool.run(people[0][0], {}, slow)
        await busy
    finally:
        await pool.close()


async def test_a_statement_has_its_time(database, people):
    pool = Database(database, pool_size=1, statement_timeout=0.3)
    await pool.open()
    try:
        with pytest.raises(asyncpg.QueryCanceledError):
            await pool.run(people[0][0], {}, lambda c: c.fetch("select pg_sleep(20)"))
        assert await pool.run(people[0][0], {}, lambda c: c.fetchval("select app.uid()")) == people[0][0]
    finally:
        await pool.close()


async def test_without_prepared_statements_it_works_too(database, people):
    """As behind a pooler in transaction mode."""
    pool = Database(database, pool_size=2, statement_cache_size=0)
    await pool.open()
    try:
        for user_id, _ in people:
            assert await pool.run(user_id, {}, lambda c: c.fetchval("select app.uid()")) == user_id
    finally:
        await pool.close()


async def test_nobody_is_entered_when_the_gateway_itself_asks(pool, people):
    await pool.run(people[0][0], {}, lambda c: c.fetchval("select 1"))
    for _ in range(8):
        assert await pool.as_gateway("select coalesce(app.uid()::text, 'nobody') where $1", True) == "nobody"
