"""What people see of metrics is read from an index, whatever is asked, where there are many."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bff import exports
from bff.kpi import marketing, models
from bff.kpi.endpoints import ROUTES
from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 100_000
TARGETS = 20_000

MANY = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into kpi.kpi_entries (org_id, metric_key, entry_date, assignee_user_id, value, source, created_by)
    select
        %(org)s, m.metric_key, date '2020-01-01' + n %% 2000, p.user_id, 1, 'MANUAL', p.user_id
    from generate_series(1, %(rows)s) n
    join (
        select metric_key, row_number() over (order by metric_key) as k
        from kpi.kpi_metric_definitions
        where calc_method <> 'AUTO'
    ) m on m.k = 1 + n %% 37
    join unnest(%(people)s::uuid[]) with ordinality as p (user_id, k) on p.k = 1 + n %% %(count)s;
    insert into kpi.kpi_evidence (org_id, metric_key, user_id, entry_id, created_by)
    select e.org_id, e.metric_key, e.assignee_user_id, e.entry_id, e.created_by
    from kpi.kpi_entries e
    where e.org_id = %(org)s;
    insert into kpi.marketing_spend (org_id, channel, spend_date, amount, created_by)
    select
        %(org)s, case when n %% 100 = 0 then 'SEM' else 'Other' end, date '2020-01-01' + n %% 2000, 1,
        p.user_id
    from generate_series(1, %(rows)s) n
    join unnest(%(people)s::uuid[]) with ordinality as p (user_id, k) on p.k = 1 + n %% %(count)s;
    insert into kpi.marketing_activity_events (
        org_id, activity_name, channel, activity_date, quantity, created_by
    )
    select s.org_id, s.channel, s.channel, s.spend_date, 1, s.created_by
    from kpi.marketing_spend s
    where s.org_id = %(org)s;
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, assignee_user_id,
        target_value, created_by
    )
    select
        %(org)s, m.metric_key, m.metric_group, m.is_finance, date '2020-01-01' + n / 68,
        date '2020-01-01' + n / 68, p.user_id, 1, p.user_id
    from generate_series(1, %(targets)s) n
    join (
        select d.*, row_number() over (order by d.metric_key) as k from kpi.kpi_metric_definitions d
    ) m on m.k = 1 + n %% 68
    join unnest(%(people)s::uuid[]) with ordinality as p (user_id, k) on p.k = 1 + n %% %(count)s;
"""

SEEN_BY = {"all": "sa", "marketing": "mm", "team": "sm", "own": "mc"}
"""Somebody whose role sees rows by that scope."""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on many rows."""
    who = [people[name].user_id for name in ("mc", "dgo", "macx", "vsdo", "mm", "sp1", "sp2", "sp3", "sm")]
    values = {"org": people["mc"].org_id, "rows": ROWS, "targets": TARGETS, "people": who, "count": len(who)}
    tables = "kpi.kpi_entries, kpi.kpi_evidence, kpi.kpi_targets, "
    tables += "kpi.marketing_spend, kpi.marketing_activity_events"
    with explained(database, (MANY, values), analyze=tables) as connection:
        yield connection


FILTERS = {
    "kpi_entries": {
        "metric_key": "DGO_REACH",
        "assignee_user_id": "mc",
        "entry_date_from": "2025-06-20",
        "entry_date_to": "2020-01-02",
    },
    "kpi_evidence": {"metric_key": "DGO_REACH", "user_id": "mc", "target_id": 1, "entry_id": 1},
    "kpi_targets": {"metric_key": "DGO_REACH", "assignee_user_id": "mc", "on": "2020-01-05"},
    "marketing_spend": {
        "channel": "SEM",
        "created_by": "mc",
        "spend_date_from": "2025-06-20",
        "spend_date_to": "2020-01-02",
    },
    "marketing_activity_events": {
        "activity_name": "SEM",
        "channel": "SEM",
        "created_by": "mc",
        "activity_date_from": "2025-06-20",
        "activity_date_to": "2020-01-02",
    },
}
MODELS = {
    "kpi_entries": models.KpiEntryList,
    "kpi_evidence": models.KpiEvidenceList,
    "kpi_targets": models.KpiTargetList,
    "marketing_spend": marketing.MarketingSpendList,
    "marketing_activity_events": marketing.MarketingActivityList,
}
LISTS = {
    "kpi_entries": ("kpi_list_entries", "entry_id"),
    "kpi_evidence": ("kpi_list_evidence", "evidence_id"),
    "kpi_targets": ("kpi_list_targets", "target_id"),
    "marketing_spend": ("kpi_list_spend", "spend_id"),
    "marketing_activity_events": ("kpi_list_marketing_activity", "activity_id"),
}
ASKED = [(table, name) for table, filters in FILTERS.items() for name in (None, *filters)]


def test_every_filter_of_the_lists_is_tried():
    for table, model in MODELS.items():
        assert set(model.model_fields) == {*FILTERS[table], "limit", "cursor"}


@pytest.mark.parametrize("scope", SEEN_BY)
@pytest.mark.parametrize(("table", "name"), ASKED)
def test_a_list_reads_an_index(session, people, table, name, scope):
    if table.startswith("marketing") and scope in ("team", "own"):
        scope = "marketing"  # all of marketing see all of it
    filters = {}
    if name is not None:
        value = FILTERS[table][name]
        filters = {name: str(people[value].user_id) if value == "mc" else value}
    function, key = LISTS[table]
    statement = f"select api.{function}(%s, 50, %s)"
    for page in (None, {key: 50}):
        _, found = asked(
            session, people[SEEN_BY[scope]], table, statement, Jsonb(filters), Jsonb(page) if page else None
        )
        assert found, f"no plan says how {table} was read"
        assert "Seq Scan" not in found


@pytest.mark.parametrize("who", ["mc", "dir"])
def test_the_dashboard_finds_targets_by_an_index(session, people, who):
    question = "select api.app_dashboard('2020-01-01', '2020-01-31')"
    _, found = asked(session, people[who], "kpi_targets", question)
    assert found
    assert "Seq Scan" not in found


@pytest.mark.parametrize(
    ("who", "path"),
    [("sa", "progress"), ("mm", "progress"), ("mm", "team"), ("sm", "team"), ("mc", "my"), ("sp1", "my")],
)
def test_a_file_of_progress_makes_the_numbers_of_what_it_sends_alone(session, people, who, path):
    (route,) = (route for route in ROUTES if route.path == f"/api/kpi/{path}")
    statement = exports._statement(route, exports.columns_of(route), {})
    with session.transaction():
        session.execute("set local enable_sort = off")
        _, rows = looked_at(session, people[who], "kpi_targets", f"{statement} limit {route.export.piece}")
    assert 2 * route.export.piece <= rows < TARGETS / 20, "each is found, and found once more for its numbers"
