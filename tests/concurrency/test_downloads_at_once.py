"""One download token, used by two at the same moment."""

import asyncio
import hashlib

import asyncpg
from callers import Caller

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
