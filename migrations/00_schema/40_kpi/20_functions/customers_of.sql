-- The customers whose primary owner somebody is: whose revenue counts as theirs.

create or replace function kpi.customers_of(p_org_id uuid, p_user uuid) returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(c.customer_id), '{}')
    from (
        select l.customer_id from crm.leads l where l.org_id = p_org_id and l.sales_owner_user_id = p_user
        union
        select p.customer_id from crm.prospects p where p.org_id = p_org_id and p.owner_user_id = p_user
    ) c
    where p_user = coalesce(
        (
            select l.sales_owner_user_id
            from crm.leads l
            where l.org_id = p_org_id and l.customer_id = c.customer_id
              and l.sales_owner_user_id is not null and l.status <> 'Disqualified'
            order by l.lead_date desc, l.created_at desc, l.lead_id desc
            limit 1
        ),
        (
            select p.owner_user_id
            from crm.prospects p
            where p.org_id = p_org_id and p.customer_id = c.customer_id and p.counts
            order by p.created_at desc, p.prospect_id desc
            limit 1
        )
    )
$$;

comment on function kpi.customers_of(uuid, uuid) is
    'customer_ids whose newest lead with an owner, Disqualified ones apart, is the person''s; without such a lead, whose newest prospect is. Every customer has one at most (spec: command_center §1.2 primary owner).';
revoke all on function kpi.customers_of(uuid, uuid) from public;
