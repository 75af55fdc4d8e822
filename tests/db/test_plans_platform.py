"""Lists of what the house itself keeps are read from an index, whatever is asked, among many rows."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff.people.models import ActivityOfPeople, AuditList, NotificationList, UserList
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
    insert into app.profiles (org_id, user_id, user_code, email, full_name, role_key, dept_code, is_active)
    select
        %(org)s, gen_random_uuid(), 'c' || n, n || '@many.test', 'N' || n, 'salesperson', 'SAL', n %% 10 > 0
    from generate_series(1, %(rows)s) n;
    insert into app.user_activity (org_id, user_id, last_active_at)
    select p.org_id, p.user_id, now() - (row_number() over ()) * interval '1 second'
    from app.profiles p
    where p.org_id = %(org)s;
    insert into app.audit_logs (org_id, table_name, record_id, action, changed_by, changed_at)
    select
        %(org)s, 'crm.t' || n %% 10, n::text, case n %% 2 when 0 then 'INSERT' else 'UPDATE' end, %(who)s,
        now() - n * interval '1 minute'
    from generate_series(1, %(rows)s) n;
    insert into app.notifications (org_id, user_id, topic, title, read_at)
    select
        %(org)s, case n %% 10 when 0 then %(who)s else %(other)s end::uuid, 'x.y' || n %% 20, 't', s.read_at
    from generate_series(1, %(rows)s) n
    cross join lateral (select case when n %% 100 > 0 then now() end as read_at) s;
"""

FILTERS = {
    "users": (
        UserList,
        "profiles",
        {
            "role_key": "salesperson",
            "dept_code": "SAL",
            "manager_user_id": "00000000-0000-4000-8000-000000000000",
            "is_active": "false",
            "search": "N77",
        },
    ),
    "audit_logs": (
        AuditList,
        "audit_logs",
        {
            "table_name": "crm.t3",
            "action": "UPDATE",
            "record_id": "777",
            "import_id": "5",
            "changed_by": "00000000-0000-4000-8000-000000000000",
            "changed_from": "2020-01-01T00:00:00Z",
            "changed_to": "2020-01-01T00:00:00Z",
        },
    ),
}
"""Lists with filters as an object: their model, the table, and each filter with a value."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many rows."""
    values = {
        "org": people["sa"].org_id,
        "rows": ROWS,
        "who": people["sa"].user_id,
        "other": people["sp1"].user_id,
    }
    tables = "app.webhook_deliveries, app.profiles, app.user_activity, app.audit_logs, app.notifications"
    with explained(database, (MANY, values), analyze=tables) as connection:
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


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_of_people_and_traces_is_tried(name):
    model, _, values = FILTERS[name]
    assert set(model.model_fields) == {*values, "limit", "cursor"}


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, found in FILTERS.items() for field in (None, *found[2])]
)
def test_a_list_of_people_or_traces_reads_an_index(session, people, name, field):
    _, relation, values = FILTERS[name]
    statement = psycopg.sql.SQL("select api.{}(%s, 50, null)").format(
        psycopg.sql.Identifier(f"app_list_{name}")
    )
    filters = Jsonb({field: values[field]} if field else {})
    _, found = asked(session, people["sa"], relation, statement.as_string(), filters)
    assert found
    assert "Seq Scan" not in found


def test_every_filter_of_who_is_here_is_tried():
    assert set(ActivityOfPeople.model_fields) == {"status", "limit", "cursor"}


@pytest.mark.parametrize("status", [None, "online", "offline"])
@pytest.mark.parametrize(
    "page", [None, {"full_name": "N5", "user_id": str(UUID(int=0))}], ids=["first", "later"]
)
def test_who_is_here_reads_indexes(session, people, status, page):
    statement = "select api.app_list_activity(%s, 50, %s)"
    values = (status, Jsonb(page) if page else None)
    for relation in ("profiles", "user_activity"):
        _, found = asked(session, people["sa"], relation, statement, *values)
        assert found
        assert "Seq Scan" not in found


def test_every_filter_of_notifications_is_tried():
    assert set(NotificationList.model_fields) == {"unread", "topic", "open", "limit", "cursor"}


@pytest.mark.parametrize("unread", [None, True, False])
@pytest.mark.parametrize("topic", [None, "x.y3"])
@pytest.mark.parametrize("waits", [None, True, False], ids=["all", "open", "done"])
@pytest.mark.parametrize("page", [None, {"notification_id": 50_000}], ids=["first page", "later page"])
def test_a_list_of_notifications_reads_an_index(session, people, unread, topic, waits, page):
    statement = "select api.app_list_notifications(%s, %s, %s, 50, %s)"
    values = (unread, topic, waits, Jsonb(page) if page else None)
    _, found = asked(session, people["sa"], "notifications", statement, *values)
    assert found
    assert "Seq Scan" not in found
