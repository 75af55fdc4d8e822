"""References that no foreign key keeps, while both ends are written: nothing is left that names nothing."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from tests.support.people import People

PROSPECT = "insert into crm.prospects (org_id, customer_id, owner_user_id) values ($1, 'CUST-RACE', $2)"
CONTACT = "insert into crm.contacts (org_id, customer_id, full_name) select $1, 'CUST-RACE', $2::uuid::text"
REMOVAL = "delete from crm.customers where org_id = $1 and customer_id = 'CUST-RACE' and $2::uuid is not null"


@pytest.fixture
async def owners(database: str) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    """Two connections of the owner, whom no policy stops."""
    connections = [await asyncpg.connect(database) for _ in range(2)]
    for connection in connections:
        await connection.execute("set role pgcrm_owner")
    yield connections[0], connections[1]
    for connection in connections:
        await connection.close()


@pytest.mark.parametrize(
    ("first", "second", "refused", "left"),
    [
        pytest.param(PROSPECT, REMOVAL, True, (1, 1, 0), id="who removes a customer waits for its prospect"),
        pytest.param(REMOVAL, PROSPECT, True, (0, 0, 0), id="a prospect waits whether its customer goes"),
        pytest.param(REMOVAL, CONTACT, True, (0, 0, 0), id="so does a contact"),
        pytest.param(CONTACT, REMOVAL, False, (0, 0, 0), id="a contact of a moment ago goes too"),
    ],
)
async def test_nothing_is_left_that_names_a_customer_who_is_gone(
    owners: tuple[asyncpg.Connection, asyncpg.Connection],
    people: People,
    first: str,
    second: str,
    refused: bool,
    left: tuple[int, int, int],
) -> None:
    one, two = owners
    owner: UUID = people["sp1"].user_id
    org_id = await one.fetchval("select org_id from app.profiles where user_id = $1", owner)
    await one.execute("delete from crm.prospects where customer_id = 'CUST-RACE'")
    await one.execute(
        "insert into crm.customers (org_id, customer_id, company_name) values ($1, 'CUST-RACE', 'PT Race')"
        " on conflict do nothing",
        org_id,
    )
    transaction = one.transaction()
    await transaction.start()
    await one.execute(first, org_id, owner)
    later = asyncio.create_task(two.execute(second, org_id, owner))
    await _waits(two, one)
    await transaction.commit()
    if refused:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await later
    else:
        await later
    counts = await one.fetchrow(
        "select (select count(*) from crm.customers where customer_id = 'CUST-RACE'),"
        " (select count(*) from crm.prospects where customer_id = 'CUST-RACE'),"
        " (select count(*) from crm.contacts where customer_id = 'CUST-RACE')"
    )
    assert tuple(counts) == left


async def _waits(who: asyncpg.Connection, asker: asyncpg.Connection) -> None:
    """Return once `who` waits for a lock."""
    pid = who.get_server_pid()
    for _ in range(500):
        if await asker.fetchval("select cardinality(pg_blocking_pids($1)) > 0", pid):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waited")
