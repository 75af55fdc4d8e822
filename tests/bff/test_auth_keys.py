"""What several BFF processes share, and what one process holds back."""

import asyncio
import time
from contextlib import AsyncExitStack
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from auth_people import sql

from bff.auth import attempts
from bff.auth.attempts import AttemptQueue
from bff.auth.keys import LocalKeys
from bff.auth.tokens import Verifier
from bff.problems import Problem
from db.session import Database

DAY = 24 * 3600


@pytest_asyncio.fixture
async def processes(database):
    """Eight sets of keys, each with connections of its own, over a database without any key."""
    sql(database, "delete from app.signing_keys")
    async with AsyncExitStack() as stack:
        keys = []
        for _ in range(8):
            one = Database(database, pool_size=1)
            await one.open()
            stack.push_async_callback(one.close)
            keys.append(LocalKeys(one))
        yield keys


def claims(**more: object) -> dict[str, object]:
    now = int(time.time())
    return {"sub": str(uuid4()), "sid": str(uuid4()), "iat": now, "exp": now + 600} | more


async def test_processes_that_start_at_once_agree_on_one_key(processes, database):
    tokens = await asyncio.gather(*(keys.sign(claims()) for keys in processes))
    assert sql(database, "select count(*) from app.signing_keys") == [(1,)]
    for keys in processes:
        for token in tokens:
            await Verifier(keys).verify(token)


async def test_a_new_key_signs_while_the_old_one_still_verifies(processes, database):
    one, other = processes[:2]
    old = await one.sign(claims())
    sql(
        database,
        "update app.signing_keys set created_at = created_at - interval '90 days', retires_at = now()",
    )
    await one.refresh(0)
    new = await one.sign(claims())
    assert sql(database, "select count(*) from app.signing_keys") == [(2,)]
    for token in (old, new):
        await Verifier(one).verify(token)
        await Verifier(other).verify(token)


async def test_a_key_that_was_withdrawn_believes_nothing_any_more_not_even_what_was_verified(
    processes, database
):
    keys = processes[0]
    verifier = Verifier(keys)
    token = await keys.sign(claims())
    await verifier.verify(token)
    sql(database, "delete from app.signing_keys")
    await keys.refresh(0)
    with pytest.raises(Problem) as problem:
        await verifier.verify(token)
    assert problem.value.code == "token.invalid"


async def test_a_verified_token_is_forgotten_when_it_expires(processes, monkeypatch):
    keys = processes[0]
    verifier = Verifier(keys)
    token = await keys.sign(claims())
    await verifier.verify(token)
    now = time.time()
    monkeypatch.setattr("bff.auth.tokens.time.time", lambda: now + DAY)
    with pytest.raises(Problem) as problem:
        await verifier.verify(token)
    assert problem.value.code == "token.expired"


async def test_the_gateway_hands_the_keys_to_nobody_else(database):
    with psycopg.connect(database) as connection:
        connection.execute("set role authenticated")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select app.auth_signing_keys()")


async def test_attempts_on_one_account_go_one_after_the_other():
    queue, running, most = AttemptQueue(), 0, 0

    async def attempt() -> None:
        nonlocal running, most
        async with queue.turn("ada@people.test"):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(attempt() for _ in range(20)))
    assert most == 1


async def test_a_full_line_sends_people_away_instead_of_growing(monkeypatch):
    monkeypatch.setattr(attempts, "WAITING", 3)
    queue, leave = AttemptQueue(), asyncio.Event()

    async def attempt(account: int) -> str:
        try:
            async with queue.turn(str(account)):
                await leave.wait()
                return "done"
        except Problem as problem:
            return problem.code

    line = [asyncio.create_task(attempt(number)) for number in range(attempts.AT_ONCE + 5)]
    await asyncio.sleep(0.01)
    leave.set()
    outcomes = await asyncio.gather(*line)
    assert outcomes.count("done") == attempts.AT_ONCE + 3
    assert outcomes.count("auth.busy") == 2


async def test_somebody_who_hangs_up_while_waiting_leaves_the_line():
    queue, leave = AttemptQueue(), asyncio.Event()

    async def attempt() -> None:
        async with queue.turn("ada@people.test"):
            await leave.wait()

    first, second = asyncio.create_task(attempt()), asyncio.create_task(attempt())
    await asyncio.sleep(0.01)
    second.cancel()
    leave.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await second
    async with asyncio.timeout(1), queue.turn("ada@people.test"):
        pass
