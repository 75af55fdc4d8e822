"""A million leads as an organisation of 5,000 people has them: owned unevenly, in teams, over two years.

Written by SQL with triggers and foreign keys off and indexes built afterwards; by the rules it would take
longer than everything else. For whoever reads, the rows are what the rules would have made: each lead's
customer and prospect exist, customers carry their `owner_ids` and `creator_ids`, and are found by their keys;
leads are counted.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

OTHER_ORGANISATIONS = 2


@dataclass(frozen=True)
class Readers:
    """Whose pages are measured: a director, a manager, the salesperson with the median of leads."""

    all: UUID
    team: UUID
    own: UUID


async def fill(admin: asyncpg.Connection, org_id: UUID, leads: int) -> Readers:
    """Give the organisation `leads` leads, and two new ones a twentieth of that each."""
    await admin.execute("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
    await admin.execute("select setseed(0.5)")
    indexes = await admin.fetch(_INDEXES)
    for index in indexes:
        await admin.execute(f"drop index {index['name']}")
    for number in range(1, OTHER_ORGANISATIONS + 1):
        other = await admin.fetchval("select app.create_organization($1::text, $1::text)", f"other-{number}")
        await _fill_one(admin, other, leads // 20)
    await _fill_one(admin, org_id, leads)
    for index in indexes:
        await admin.execute(index["definition"])
    await admin.execute("reset session_replication_role")
    await admin.execute("vacuum analyze")
    return Readers(*await admin.fetchrow(_READERS, org_id))


async def _fill_one(admin: asyncpg.Connection, org_id: UUID, leads: int) -> None:
    async with admin.transaction():
        await admin.execute(_SCRATCH)
        await admin.execute(_PEOPLE, org_id)
        await admin.execute(_BOOKS, leads // 5)
        await admin.execute(_CUSTOMERS, org_id)
        await admin.execute(_KEYS, org_id)
        await admin.execute(_PROSPECTS, org_id)
        await admin.execute(_LEADS, org_id, leads, leads // 5)
        await admin.execute("delete from crm.lead_counts where org_id = $1", org_id)
        await admin.execute(_COUNTS, org_id)


_INDEXES = """
    select x.indexrelid::regclass::text as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x
    where x.indrelid in ('crm.customers'::regclass, 'crm.prospects'::regclass, 'crm.leads'::regclass)
      and not exists (select from pg_constraint c where c.conindid = x.indexrelid)
"""

_SCRATCH = """
    create temporary table people (
        n integer primary key, user_id uuid not null default gen_random_uuid(), role_key text not null
    ) on commit drop;
    insert into people (n, role_key)
    select
        n,
        case
            when n = 0 then 'director'
            when n <= 100 then 'sales_manager'
            when n <= 4800 then 'salesperson'
            else 'marcomm'
        end
    from generate_series(0, 5000) n;

    create temporary table books (
        n integer primary key, customer_id text, prospect_id text, owner_user_id uuid, created_by uuid,
        created_at timestamptz
    ) on commit drop
"""

_PEOPLE = """
    insert into app.profiles (
        org_id, user_id, user_code, email, full_name, role_key, dept_code, manager_user_id
    )
    select
        $1, p.user_id, 'BEN' || p.n, 'p' || p.n || '@large.test', 'Person ' || p.n, p.role_key,
        case p.role_key when 'director' then 'DIR' when 'marcomm' then 'MKT' else 'SAL' end,
        case p.role_key when 'salesperson' then manager.user_id end
    from people p
    join people manager on manager.n = 1 + p.n % 100
"""

# Seven customers in ten have a salesperson, some of them many; marketing found half of those and the rest.
_BOOKS = """
    insert into books
    select
        d.n,
        app.format_prefixed_id('CUST', d.created_at::date, d.n),
        app.format_prefixed_id('ACT', d.created_at::date, d.n),
        case when d.owned then seller.user_id end,
        case when d.owned and d.found_by_sales then seller.user_id else marketer.user_id end,
        d.created_at
    from (
        select
            n,
            timestamptz '2024-01-01' + n * (interval '730 days' / $1::integer) as created_at,
            random() < 0.7 as owned,
            random() < 0.5 as found_by_sales,
            101 + floor(power(random(), 1.5) * 4700)::integer as seller,
            4801 + floor(random() * 200)::integer as marketer
        from generate_series(1, $1::integer) n
    ) d
    join people seller on seller.n = d.seller
    join people marketer on marketer.n = d.marketer
"""

_CUSTOMERS = """
    insert into crm.customers (
        org_id, customer_id, company_name, npwp, city, country, owner_ids, creator_ids, created_by, created_at
    )
    select
        $1, b.customer_id, 'PT. Company ' || b.n, lpad((b.n * 7919::bigint)::text, 15, '0'), 'Jakarta', 'ID',
        case when b.owner_user_id is null then '{}' else array[b.owner_user_id] end,
        array[b.created_by], b.created_by, b.created_at
    from books b
    order by b.n
"""

_KEYS = """
    insert into crm.customer_keys (org_id, kind, key, customer_id)
    select c.org_id, k.kind, k.key, c.customer_id
    from crm.customers c
    cross join lateral (values ('company', c.company_key), ('npwp', c.npwp_key)) as k (kind, key)
    where c.org_id = $1 and k.key is not null and c.customer_id in (select b.customer_id from books b)
    order by k.kind, k.key
"""

_PROSPECTS = """
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, created_by, created_at)
    select
        $1, b.prospect_id, b.customer_id, coalesce(b.owner_user_id, b.created_by), b.created_by, b.created_at
    from books b
    order by b.n
"""

_LEADS = """
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code,
        sourced_by, primary_channel, notes, status, next_step, due_date, sales_owner_user_id, customer_id,
        prospect_id, created_by, created_at
    )
    select
        $1,
        app.format_prefixed_id(c.id_prefix, d.created_at::date, d.n),
        d.created_at::date, 'PT. Company ' || b.n, 'Person ' || d.n, '+62 812 ' || d.n,
        'p' || d.n || '@company.test', 'Jakarta', s.service_code,
        case when b.owner_user_id = b.created_by then 'Sales' else 'Marketing' end,
        c.primary_channel,
        'Asked for a monthly rate by telephone; call back after the holidays.',
        (
            array[
                'New', 'New', 'New', 'Contacted', 'Contacted', 'Qualified', 'Proposal', 'Closed Won',
                'Closed Lost', 'Disqualified'
            ]
        )[d.status],
        'Call', d.created_at::date + 7, b.owner_user_id, b.customer_id, b.prospect_id, b.created_by,
        d.created_at
    from (
        select
            n,
            timestamptz '2024-01-01' + n * (interval '730 days' / $2::integer) as created_at,
            1 + floor(random() * $3::integer)::integer as book,
            1 + floor(random() * 10)::integer as status,
            1 + floor(random() * 11)::integer as channel,
            1 + floor(random() * 18)::integer as service
        from generate_series(1, $2::integer) n
    ) d
    join books b on b.n = d.book
    join crm.lead_channels c on c.position = d.channel
    join (
        select service_code, row_number() over (order by service_code) as n from crm.service_templates
    ) s on s.n = d.service
    order by d.n
"""

# Of all leads anew: those that there were before may stand in any slot.
_COUNTS = """
    insert into crm.lead_counts (org_id, status, slot, leads, assigned)
    select l.org_id, l.status, 0, count(*), count(l.sales_owner_user_id)
    from crm.leads l
    where l.org_id = $1
    group by l.org_id, l.status
"""

_READERS = """
    with owned as (
        select
            l.sales_owner_user_id,
            row_number() over (order by count(*), l.sales_owner_user_id) as rank,
            count(*) over () as owners
        from crm.leads l
        where l.org_id = $1 and l.sales_owner_user_id is not null
        group by l.sales_owner_user_id
    )
    select
        (select p.user_id from app.profiles p where p.org_id = $1 and p.role_key = 'director'),
        (select p.user_id from app.profiles p where p.org_id = $1 and p.user_code = 'BEN50'),
        (select o.sales_owner_user_id from owned o where o.rank = (o.owners + 1) / 2)
"""
