"""Lists of what the house itself keeps are read from an index, whatever is asked, among many rows."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.webhooks.models import DeliveryList
from tests.support.people import People
from tests.support.plans import asked, explained

ROWS = 100_000

# Every thousandth delivery is dead, every hundredth waits; half of them are another webhook's.
MANY = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into app.webhooks (org_id, webhook_id, url, topics)
    overriding system value
    values (%(org)s, 1, 'https://a.example', '{*}'), (%(org)s, 2, 'https://b.example', '{*}');
    insert into app.webhook_secrets (org_id, webhook_id, secret)
    values (%(org)s, 1, sha256('a')), (%(org)s, 2, sha256('b'));
    insert into app.webhook_deliveries (
        org_id, webhook_id, event_id, topic, key, occurred_at, state, next_attempt_at, settled_at
    )
    select
        %(org)s, 1 + g.n %% 2, g.n, 'leads.created', g.n::text, now(), s.state, now(),
        case when s.state in ('sent', 'dead') then now() end
    from generate_series(1, %(rows)s) g (n)
    cross join lateral (
        select case when g.n %% 1000 < 2 then 'dead' when g.n %% 100 < 2 then 'ready' else 'sent' end as state
    ) s;
"""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many rows."""
    values = {"org": people["sa"].org_id, "rows": ROWS}
    with explained(database, (MANY, values), analyze="app.webhook_deliveries") as connection:
        yield connection


def test_every_filter_of_deliveries_is_tried():
    assert set(DeliveryList.model_fields) == {"state", "limit", "cursor"}


@pytest.mark.parametrize("state", [None, "dead", "ready", "queued", "sent"])
@pytest.mark.parametrize("page", [None, {"delivery_id": 50_000}], ids=["first page", "later page"])
def test_a_list_of_deliveries_reads_an_index(session, people, state, page):
    statement = "select api.app_list_webhook_deliveries(1, %s, 50, %s)"
    values = (state, Jsonb(page) if page else None)
    _, found = asked(session, people["sa"], "webhook_deliveries", statement, *values)
    assert found
    assert "Seq Scan" not in found


def test_what_is_due_is_read_from_an_index(session, people):
    session.execute("set role pgcrm_worker")
    with session.transaction(force_rollback=True):
        due = session.execute("select count(*) from app.claim_webhooks(100)").fetchone()
    session.execute("reset role")
    assert due == (20,), "ten of each webhook"
