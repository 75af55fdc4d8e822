-- Finds or creates the prospect of each resolved draft: one per customer and owner.

create or replace function crm.find_or_create_prospects(p_org_id uuid, p_actor jsonb, p_drafts jsonb) returns jsonb
language plpgsql
-- As in crm.match_customers: by key, whatever the statistics say.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_created_by uuid := (p_actor ->> 'user_id')::uuid;
    v_today date := (p_actor ->> 'today')::date;
begin
    with missing as (
        select
            d.customer_id,
            coalesce(d.sales_owner_user_id, v_created_by) as owner_user_id,
            bool_or(d.is_readable) as counts,
            row_number() over (order by min(d.row_no)) as position
        from jsonb_to_recordset(p_drafts) as d (
            row_no bigint, customer_id text, sales_owner_user_id uuid, is_readable boolean
        )
        where (
            select p.prospect_id
            from crm.prospects p
            where p.org_id = p_org_id
              and p.customer_id = d.customer_id
              and p.owner_user_id = coalesce(d.sales_owner_user_id, v_created_by)
            limit 1
        ) is null
        group by 1, 2
    ),
    block as materialized (
        select app.reserve_ids(p_org_id, 'ACT', v_today, n.wanted) as first_seq
        from (select count(*) as wanted from missing) n
        where n.wanted > 0
    )
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, counts, source_import_id, created_by)
    select
        p_org_id,
        app.format_prefixed_id('ACT', v_today, b.first_seq - 1 + m.position),
        m.customer_id,
        m.owner_user_id,
        m.counts,
        (p_actor ->> 'import_id')::bigint,
        v_created_by
    from missing m
    cross join block b
    order by m.position;

    return (
        select jsonb_agg(
            d.value || jsonb_build_object(
                'prospect_id',
                (
                    select p.prospect_id
                    from crm.prospects p
                    where p.org_id = p_org_id
                      and p.customer_id = d.value ->> 'customer_id'
                      and p.owner_user_id = coalesce((d.value ->> 'sales_owner_user_id')::uuid, v_created_by)
                )
            )
        )
        from jsonb_array_elements(p_drafts) as d (value)
    );
end
$$;

comment on function crm.find_or_create_prospects(uuid, jsonb, jsonb) is
    'Returns the drafts with prospect_id. Owner: the sales owner, else the creator. Callers hold the row locks of the customers (spec: command_center §3.2, §3.3).';
revoke all on function crm.find_or_create_prospects(uuid, jsonb, jsonb) from public;
