"""Numbers of a period are made of what happened in it, however much there was before."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.people import People
from tests.support.plans import asked, explained, looked_at

ROWS = 60_000
DAYS = 600
MONTH = ROWS // 20

# A lead each, given to somebody and spoken to five hours later; a hundred a day, two channels.
MANY = """
    set local session_replication_role = replica; -- no triggers: they are measured elsewhere
    insert into crm.customers (org_id, customer_id, company_name)
    select %(org)s, 'C' || n, 'Company ' || n from generate_series(0, 999) n;
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
    select %(org)s, 'P' || n, 'C' || n, %(owner)s from generate_series(0, 999) n;
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code,
        sourced_by, primary_channel, next_step, due_date, sales_owner_user_id, customer_id, prospect_id,
        created_by, created_at
    )
    select
        %(org)s, 'L' || n, date '2026-12-31' - n %% %(days)s, 'Company', 'PIC', '0812', 'p@x.test', 'Jakarta',
        'EXI_AF', 'Sales', (array['SEM', 'Other'])[1 + n %% 2], 'Call', '2027-01-01', %(owner)s,
        'C' || n %% 1000, 'P' || n %% 1000, %(owner)s,
        timestamptz '2026-12-31 03:00+00' - interval '1 day' * (n %% %(days)s)
    from generate_series(1, %(rows)s) n;
    insert into crm.lead_assignments (org_id, lead_id, to_user_id, assigned_at)
    select l.org_id, l.lead_id, l.sales_owner_user_id, l.created_at from crm.leads l where l.org_id = %(org)s;
    insert into crm.activities (
        org_id, activity_type, direction, lead_id, prospect_id, notes, completed_at, created_by
    )
    select
        l.org_id, 'call', 'outbound', l.lead_id, l.prospect_id, 'x', l.created_at + interval '5 hours',
        l.sales_owner_user_id
    from crm.leads l
    where l.org_id = %(org)s;
    insert into kpi.marketing_spend (org_id, channel, spend_date, amount, created_by)
    select %(org)s, c, date '2026-12-31' - n, 1, %(owner)s
    from generate_series(0, %(days)s - 1) n
    cross join unnest('{SEM,Other}'::text[]) c;
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, target_value, created_by
    )
    select %(org)s, d.metric_key, d.metric_group, d.is_finance, '2026-12-01', '2026-12-30', 1, %(owner)s
    from kpi.kpi_metric_definitions d
    where d.calc_method = 'AUTO';
"""


@pytest.fixture(scope="module")
def session(database: str, people: People) -> Iterator[psycopg.Connection]:
    """An administrator's session on six hundred days of business."""
    values = {"org": people["sp1"].org_id, "owner": people["sp1"].user_id, "rows": ROWS, "days": DAYS}
    tables = (
        "crm.leads, crm.prospects, crm.lead_assignments, crm.activities, kpi.marketing_spend, kpi.kpi_targets"
    )
    with explained(database, (MANY, values), analyze=tables) as connection:
        yield connection


@pytest.mark.parametrize(("table", "times"), [("lead_assignments", 2), ("activities", 3)])
def test_a_page_of_metrics_looks_at_the_leads_of_its_month_once(session, people, table, times):
    """`times` the month's rows at most: they are counted, and followed once for four metrics."""
    question = "select api.kpi_list_progress('all', '{}', 100) -> 'items'"
    items, rows = looked_at(session, people["dir"], table, question)
    known = {item["metric_key"]: item["actual_value"] for item in items}
    assert known["SALES_LEADS_ACCEPTED"] == MONTH
    assert known["SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN"] == 300
    assert MONTH <= rows <= times * MONTH


@pytest.mark.parametrize("who", ["dir", "sm", "sp1"])
@pytest.mark.parametrize("days", [1, 30])
def test_days_of_activities_look_at_those_days(session, people, who, days):
    question = (
        "select sum(activity_count) from api.v_sales_activities_daily where day between %s and '2026-12-30'"
    )
    found, rows = looked_at(session, people[who], "activities", question, f"2026-12-{31 - days}")
    assert found == days * ROWS / DAYS
    # Its neighbours' hours, the activities of whole days: one before and one behind.
    assert rows <= 10 + 3 * found


@pytest.mark.parametrize("days", [1, 30])
@pytest.mark.parametrize(("table", "a_day"), [("leads", ROWS // DAYS), ("marketing_spend", 2)])
def test_days_of_costs_look_at_those_days(session, people, table, a_day, days):
    question = "select sum(leads_count) from api.v_marketing_cpl_daily where day between %s and '2026-12-30'"
    found, rows = looked_at(session, people["mm"], table, question, f"2026-12-{31 - days}")
    assert found == days * ROWS / DAYS
    assert rows == days * a_day
    _, scans = asked(session, people["mm"], table, question, f"2026-12-{31 - days}")
    assert "Seq Scan" not in scans
