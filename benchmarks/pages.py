"""Pages as people open them among a million leads: list, search, metrics; how long 95 of 100 take at most.

Ours is the whole call, as its reader waits for it. The limit has no rules, no permissions and no search: for
a list it is the plainest query for such a page as the table's owner, for a search it reads what was found by
its ids, metrics are computed one by one without a page around them. Of a dashboard it is the same call as the
owner where all leads are the reader's, else no more than their leads by status. Both are called in turns.
"""

import json
import statistics
import time
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from benchmarks.figures import Figure, Target
from benchmarks.house import OWNER, House
from benchmarks.million import Readers, fill

SCOPES = ("all", "team", "own")
WORDS = {
    "one company": "Company 1234",
    "every company": "company",
    "a number": "0000079190",
    "nothing": "nobody is called so",
}
KINDS = ("customer", "lead", "ticket")


@dataclass(frozen=True)
class Page:
    """Something that is opened, and the least that the same answer takes."""

    name: str
    reader: UUID
    statement: str
    limit: str
    arguments: tuple[object, ...]
    """Of the limit alone."""
    meaning: str
    target: Target | None = None


async def run(house: House, quick: bool) -> list[Figure]:
    """Lists, searches and metrics in three scopes, 95th percentiles in milliseconds."""
    calls = 4 if quick else 100
    database = await house.clone()
    admin = await asyncpg.connect(house.admin_url(database))
    try:
        people = await fill(admin, house.org_id, 20_000 if quick else 1_000_000)
        await _work(admin, house.org_id, people)
        team = await admin.fetchval(_TEAM, house.org_id, people.team)
        pages = [
            *_lists(house.org_id, people, team),
            *_dashboards(house.org_id, people, team),
            *_metrics(house.org_id, people),
        ]
        for scope in SCOPES:
            pages += await _searches(house, database, scope, getattr(people, scope))
        return [await _measured(house, database, page, calls) for page in pages]
    finally:
        await admin.close()


async def _work(admin: asyncpg.Connection, org_id: UUID, people: Readers) -> None:
    """What was done with the leads, and what is to be reached."""
    async with admin.transaction():
        await admin.execute("set local session_replication_role = replica")
        await admin.execute(_ASSIGNMENTS, org_id)
        await admin.execute(_ACTIVITIES, org_id)
        await admin.execute(_TICKETS, org_id)
        await admin.execute(_TEAM_TARGETS, org_id, people.all, people.team)
        await admin.execute(_OWN_TARGETS, org_id, people.all, people.own)
        await admin.execute(_TARGETS, org_id, people.all)
    await admin.execute("vacuum analyze crm.lead_assignments, crm.activities, desk.tickets, kpi.kpi_targets")


def _lists(org_id: UUID, people: Readers, team: list[UUID]) -> list[Page]:
    owners = {"all": None, "team": team, "own": [people.own]}
    return [
        Page(
            f"list of leads, scope {scope}",
            getattr(people, scope),
            "select f.body::text from api.crm_list_leads(p_limit => 50) as f(body)",
            _NEWEST_OF_ALL if owner is None else _NEWEST,
            (org_id,) if owner is None else (org_id, owner),
            "p95 of a page of 50; the newest 50 of these owners by the plainest query",
        )
        for scope, owner in owners.items()
    ]


def _dashboards(org_id: UUID, people: Readers, team: list[UUID]) -> list[Page]:
    limits: dict[str, tuple[str, tuple[object, ...], str]] = {
        "all": (_DASHBOARD, (), "the same SQL as the table's owner"),
        "team": (_BY_STATUS, (org_id, team), "their leads by status"),
        "own": (_BY_STATUS, (org_id, [people.own]), "their leads by status"),
    }
    return [
        Page(
            f"dashboard of a month, scope {scope}",
            getattr(people, scope),
            _DASHBOARD,
            limit,
            arguments,
            f"p95; {meaning}",
        )
        for scope, (limit, arguments, meaning) in limits.items()
    ]


async def _searches(house: House, database: str, scope: str, reader: UUID) -> list[Page]:
    """A page for each word, whose limit reads what that word finds."""
    pages = []
    connection = await _entered(house.bff_url(database), reader, "authenticated")
    for name, word in WORDS.items():
        statement = f"select f.body::text from api.crm_search('{word}') as f(body)"
        items = json.loads(await connection.fetchval(statement))["items"]
        ids = [[item["id"] for item in items if item["kind"] == kind] for kind in KINDS]
        pages.append(
            Page(
                f"search for {name}, scope {scope}",
                reader,
                statement,
                _BY_ID,
                (house.org_id, *ids),
                f"p95; the {len(items)} rows that it finds, read by their ids",
            )
        )
    await connection.close()
    return pages


def _metrics(org_id: UUID, people: Readers) -> list[Page]:
    whose = {"all": "all", "team": "team", "own": "my"}
    return [
        Page(
            f"page of metrics, scope {scope}",
            getattr(people, scope),
            f"select f.body::text from api.kpi_list_progress('{whose[scope]}') as f(body)",
            _BARE_METRICS,
            (org_id, scope),
            "p95 of a page of targets of a month; their metrics computed one by one, by nobody",
            Target("≤", 1.5, or_plus=5),
        )
        for scope in SCOPES
    ]


async def _measured(house: House, database: str, page: Page, calls: int) -> Figure:
    ours = await _entered(house.bff_url(database), page.reader, "authenticated")
    bare = await _entered(house.admin_url(database), page.reader, OWNER)
    limit = await bare.prepare(page.limit)
    taken: list[tuple[float, float]] = []
    for _ in range(calls + 1):
        begun = time.perf_counter()
        await ours.fetch(page.statement)
        between = time.perf_counter()
        await limit.fetch(*page.arguments)
        taken.append((between - begun, time.perf_counter() - between))
    await ours.close()
    await bare.close()
    # The first call of each warms up.
    own, least = (statistics.quantiles(column, n=20)[-1] * 1000 for column in zip(*taken[1:], strict=True))
    return Figure(page.name, own, least, "ms", page.meaning, page.target)


async def _entered(url: str, person: UUID, role: str) -> asyncpg.Connection:
    """A connection inside a transaction that has entered as `person` and goes on as `role`."""
    connection = await asyncpg.connect(url)
    await connection.execute(f"begin read only; select app.enter('{person}'); set local role {role}")
    return connection


_TEAM = """
    select array_agg(p.user_id)
    from app.profiles p
    where p.org_id = $1 and (p.user_id = $2 or p.manager_user_id = $2)
"""

_NEWEST_OF_ALL = """
    select to_jsonb(l)
    from crm.leads l
    where l.org_id = $1
    order by l.created_at desc, l.lead_id desc
    limit 50
"""

_NEWEST = """
    select to_jsonb(l)
    from crm.leads l
    where l.org_id = $1 and l.sales_owner_user_id = any ($2::uuid[])
    order by l.created_at desc, l.lead_id desc
    limit 50
"""

_DASHBOARD = "select f.body::text from api.app_dashboard('2025-12-01', '2025-12-31') as f(body)"

_BY_STATUS = """
    select l.status, count(*), count(l.sales_owner_user_id)
    from crm.leads l
    where l.org_id = $1 and l.sales_owner_user_id = any ($2::uuid[])
    group by l.status
"""

_BY_ID = """
    select c.company_name, c.status
    from crm.customers c
    where c.org_id = $1 and c.customer_id = any ($2::text[])
    union all
    select l.company_name, l.status
    from crm.leads l
    where l.org_id = $1 and l.lead_id = any ($3::text[])
    union all
    select t.subject, t.inquiry_status
    from desk.tickets t
    where t.org_id = $1 and t.ticket_id = any ($4::text[])
"""

_BARE_METRICS = """
    select (kpi.actual_of(t.org_id, t.metric_key, t.period_start, t.period_end, t.assignee_user_id)).value
    from (
        select k.*
        from kpi.kpi_targets k
        where k.org_id = $1
          and case $2::text
              when 'all' then true
              when 'team' then k.assignee_user_id is not null and k.assignee_user_id <> app.uid()
                  and k.assignee_user_id = any (app.team_ids())
              else k.assignee_user_id = app.uid()
          end
        order by k.target_id desc
        limit 50
    ) t
"""

_ASSIGNMENTS = """
    insert into crm.lead_assignments (org_id, lead_id, to_user_id, assigned_at)
    select l.org_id, l.lead_id, l.sales_owner_user_id, l.created_at
    from crm.leads l
    where l.org_id = $1 and l.sales_owner_user_id is not null
    order by l.created_at
"""

_ACTIVITIES = """
    insert into crm.activities (
        org_id, activity_type, direction, customer_id, lead_id, prospect_id, notes, completed_at, created_by,
        created_at
    )
    select
        l.org_id, (array['call', 'email', 'whatsapp', 'online_meeting'])[1 + length(l.notes) % 4], 'outbound',
        l.customer_id, l.lead_id, l.prospect_id, 'Spoke about rates.', l.created_at + interval '5 hours',
        l.sales_owner_user_id, l.created_at + interval '5 hours'
    from crm.leads l
    where l.org_id = $1 and l.sales_owner_user_id is not null
    order by l.created_at
"""

# One lead in thirty asks for a tariff.
_TICKETS = """
    insert into desk.tickets (
        org_id, ticket_id, ticket_type, dept_target, inquiry_status, related_lead_id, related_customer_id,
        need_customer_masking, subject, created_by, created_at, closed_at
    )
    select
        l.org_id, 'INQ' || l.lead_id, 'inquiry tariff', (array['EXI', 'DOM', 'DTD'])[1 + n % 3], 'CLOSED',
        l.lead_id, l.customer_id, true, 'RFQ AF: Indonesia - Germany', l.created_by, l.created_at,
        l.created_at + interval '1 day'
    from (
        select l.*, row_number() over (order by l.created_at, l.lead_id) as n
        from crm.leads l
        where l.org_id = $1
    ) l
    where n % 30 = 0
"""

# Of the last month of the leads. The organisation's are the youngest: the director's page begins with them.
_OWN_TARGETS = """
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, assignee_user_id,
        target_value, created_by
    )
    select $1, d.metric_key, d.metric_group, d.is_finance, '2025-12-01', '2025-12-31', $3, 1, $2
    from kpi.kpi_metric_definitions d
    where d.calc_method = 'AUTO' and d.metric_group = 'sales'
"""

_TEAM_TARGETS = """
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, assignee_user_id,
        target_value, created_by
    )
    select $1, d.metric_key, d.metric_group, d.is_finance, '2025-11-01', '2025-11-30', p.user_id, 1, $2
    from kpi.kpi_metric_definitions d
    join app.profiles p on p.org_id = $1 and p.manager_user_id = $3
    where d.metric_key in ('SALES_LEADS_ASSIGNED', 'SALES_LAR', 'SALES_ACTIVITY_CALL')
"""

_TARGETS = """
    insert into kpi.kpi_targets (
        org_id, metric_key, metric_group, is_finance, period_start, period_end, target_value, created_by
    )
    select $1, d.metric_key, d.metric_group, d.is_finance, '2025-12-01', '2025-12-31', 1, $2
    from kpi.kpi_metric_definitions d
    where d.calc_method = 'AUTO'
"""
