"""A page of metrics: every one that is computed, for the organisation, in one call.

What is promised is the two seconds that a call may take (hosted Postgres cuts longer ones).
"""

import asyncpg

from benchmarks import ar_aging
from benchmarks.figures import Figure, Target
from benchmarks.house import House

PROMISED = 2000.0
"""Milliseconds."""


async def run(house: House, quick: bool) -> list[Figure]:
    """Targets of the last thirty days with what was reached, in milliseconds as a reader waits for it."""
    leads, invoices, calls = (1_000, 1_000, 2) if quick else (50_000, 20_000, 9)
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    try:
        await ar_aging.fill(admin, house.org_id, invoices)
        people = [person.user_id for person in house.salespeople]
        async with admin.transaction():
            await admin.execute("set local session_replication_role = replica")
            for statement in (_PROSPECTS, _LEADS, _ASSIGNMENTS, _ACTIVITIES, _SPEND, _TARGETS):
                await admin.execute(statement, house.org_id, leads, invoices // 20, people)
        await admin.execute(
            "vacuum analyze crm.prospects, crm.leads, crm.lead_assignments, crm.activities, kpi.kpi_targets"
        )
        reader = await asyncpg.connect(house.bff_url(database))
        await reader.execute(
            f"begin read only; select app.enter('{house.importer.user_id}'); set local role authenticated"
        )
        page = "select jsonb_array_length(f.body -> 'items') from api.kpi_list_progress('all') as f(body)"
        targets = await reader.fetchval(page)
        taken = await ar_aging.milliseconds(reader, page, calls)
        await reader.close()
    finally:
        await admin.close()
    return [
        Figure(
            f"page of {targets} metrics, {leads:,} leads, {invoices:,} invoices",
            taken,
            PROMISED,
            "ms",
            "every computed metric of the organisation's last 30 days; what is promised",
            Target("≤", 1),
        )
    ]


# Each takes the organisation, leads, customers and salespeople; what it has no use for decides nothing.
_PROSPECTS = """
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
    select $1, 'P' || n, 'C' || n, ($4::uuid[])[1 + n % cardinality($4::uuid[])]
    from generate_series(0, $3::integer) n
    where $2::integer > 0
"""

_LEADS = """
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code,
        sourced_by, primary_channel, campaign_name, next_step, due_date, customer_id, prospect_id, created_by,
        sales_owner_user_id, created_at
    )
    select
        $1, 'L' || n, current_date - n % 90, 'Company', 'PIC', '0812', 'p@example.com', 'Jakarta', 'EXI_AF',
        case when n % 3 = 0 then 'Sales' else 'Marketing' end,
        case when n % 2 = 0 then 'SEM' else 'Paid Social' end, 'Spring', 'Call', current_date,
        'C' || n % $3::integer, 'P' || n % $3::integer, ($4::uuid[])[1 + n % cardinality($4::uuid[])],
        ($4::uuid[])[1 + n % $3::integer % cardinality($4::uuid[])], now() - make_interval(days => n % 90)
    from generate_series(1, $2::integer) n
"""

_ASSIGNMENTS = """
    insert into crm.lead_assignments (org_id, lead_id, to_user_id, assigned_at)
    select l.org_id, l.lead_id, l.sales_owner_user_id, l.created_at
    from crm.leads l
    where l.org_id = $1 and l.sales_owner_user_id is not null
      and $2::integer + $3::integer + cardinality($4::uuid[]) > 0
"""

_ACTIVITIES = """
    insert into crm.activities (
        org_id, activity_type, direction, lead_id, prospect_id, notes, completed_at, created_by
    )
    select
        l.org_id, case k when 1 then 'call' else 'email' end, 'outbound', l.lead_id, l.prospect_id, 'x',
        l.created_at + make_interval(hours => 5 * k), l.sales_owner_user_id
    from crm.leads l
    cross join generate_series(1, 2) k
    where l.org_id = $1 and l.sales_owner_user_id is not null
      and $2::integer + $3::integer + cardinality($4::uuid[]) > 0
"""

_SPEND = """
    insert into kpi.marketing_spend (org_id, channel, spend_date, amount, created_by)
    select $1, c, current_date - n, 1000000, ($4::uuid[])[1]
    from generate_series(0, 89) n
    cross join unnest('{SEM,Paid Social}'::text[]) c
    where $2::integer + $3::integer > 0
"""

_TARGETS = """
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, target_value, created_by
    )
    select $1, d.metric_key, d.metric_group, d.is_finance, current_date - 29, current_date, 1, ($4::uuid[])[1]
    from kpi.kpi_metric_definitions d
    where d.calc_method = 'AUTO' and $2::integer + $3::integer > 0
"""
