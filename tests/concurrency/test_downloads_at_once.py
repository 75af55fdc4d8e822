"""One download token, used by two at the same moment."""

import asyncio
import hashlib

import asyncpg
from callers import Caller, at_once, callers

from tests.support.people import People

REDEEM = "select app.auth_redeem_download($1, $1) ->> 'verdict'"


async def test_the_second_waits_for_the_first_and_gets_what_that_leaves(bff_url: str, people: People) -> None:
    for commits, verdict in ((True, "unknown"), (False, "ok")):
        token = hashlib.sha256(str(commits).encode()).digest()
        first, second = await asyncpg.connect(bff_url), await asyncpg.connect(bff_url)
        try:
            await Caller(first).call(
                people["sa"],
                "app_create_download_token",
                p_resource="leads",
                p_action="select",
                p_token_hash=token,
                p_target_hash=token,
            )
            transaction = first.transaction()
            await transaction.start()
            assert await first.fetchval(REDEEM, token) == "ok"
            waiting = asyncio.create_task(second.fetchval(REDEEM, token))
            done, _ = await asyncio.wait({waiting}, timeout=0.3)
            assert not done, "the second does not read what the first is taking"
            await (transaction.commit() if commits else transaction.rollback())
            assert await waiting == verdict
        finally:
            await first.close()
            await second.close()


async def test_of_many_links_at_once_twenty_are_made(bff_url: str, people: People) -> None:
    async def ask(caller: Caller, number: int) -> str | None:
        token = hashlib.sha256(f"many {number}".encode()).digest()
        try:
            await caller.call(
                people["dir"],
                "app_create_download_token",
                p_resource="leads",
                p_action="select",
                p_token_hash=token,
                p_target_hash=token,
            )
        except asyncpg.PostgresError as error:
            return error.hint
        return None

    async with callers(bff_url, 8) as connections:
        answers: list[str | None] = []
        for first in range(0, 32, 8):
            answers += await at_once(*(ask(c, first + n) for n, c in enumerate(connections)))
    assert sorted(answers, key=str) == [None] * 20 + ["download.too_many"] * 12
