-- Finds or creates the prospect of each draft whose customer is known: one per customer and owner.

create or replace function crm.find_or_create_prospects(
    p_org_id uuid,
    p_actor jsonb,
    p_drafts crm.lead_draft[],
    p_places crm.lead_place[]
) returns crm.lead_place[]
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
            o.owner_user_id,
            bool_or(d.is_readable) as counts,
            row_number() over (order by min(d.row_no)) as position
        from unnest(p_drafts, p_places) d
        cross join lateral (
            -- On a customer that its creator cannot read a lead is unowned (decisions §5.1).
            select coalesce(case when d.is_readable then d.sales_owner_user_id end, v_created_by) as owner_user_id
        ) o
        where case
            -- A customer that was made a moment ago has none.
            when d.outcome = 'create' then true
            else (
                select p.prospect_id
                -- By customer: with both at hand a planner that knows nothing of the table yet may choose an owner's all.
                from (
                    select c.prospect_id, c.owner_user_id
                    from crm.prospects c
                    where c.org_id = p_org_id and c.customer_id = d.customer_id
                    offset 0
                ) p
                where p.owner_user_id = o.owner_user_id
                limit 1
            ) is null
        end
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
    cross join block b;

    return array(
        select row(
            d.outcome, d.customer_id, d.matched_by, d.is_readable, d.takes_npwp,
            (
                select p.prospect_id
                from (
                    select c.prospect_id, c.owner_user_id
                    from crm.prospects c
                    where c.org_id = p_org_id and c.customer_id = d.customer_id
                    offset 0
                ) p
                where p.owner_user_id = coalesce(case when d.is_readable then d.sales_owner_user_id end, v_created_by)
            ),
            null
        )::crm.lead_place
        from unnest(p_drafts, p_places) d
    );
end
$$;

comment on function crm.find_or_create_prospects(uuid, jsonb, crm.lead_draft[], crm.lead_place[]) is
    'p_places: crm.find_or_create_customers(). Returns them with prospect_id. Owner: the sales owner, else the creator. Callers hold the row locks of the customers (spec: command_center §3.2, §3.3).';
revoke all on function crm.find_or_create_prospects(uuid, jsonb, crm.lead_draft[], crm.lead_place[]) from public;
