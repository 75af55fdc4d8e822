-- Finds or creates the prospect of each draft whose customer is known: one per customer and owner.

create or replace function crm.find_or_create_prospects(
    p_org_id uuid,
    p_actor jsonb,
    p_owner_ids uuid[],
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
    v_customer_ids text[];
    v_owner_ids uuid[];
    v_counts boolean[];
    v_prospect_ids text[];
begin
    select
        array_agg(m.customer_id order by m.position),
        array_agg(m.owner_user_id order by m.position),
        array_agg(m.counts order by m.position)
    into v_customer_ids, v_owner_ids, v_counts
    from (
        select d.customer_id, o.owner_user_id, bool_or(d.is_readable) as counts, min(d.ordinality) as position
        from unnest(p_owner_ids, p_places) with ordinality as d (
            sales_owner_user_id, outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id, ordinality
        )
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
        group by d.customer_id, o.owner_user_id
    ) m;

    if v_customer_ids is not null then
        v_prospect_ids := app.format_prefixed_ids(
            'ACT',
            v_today,
            app.reserve_ids(p_org_id, 'ACT', v_today, cardinality(v_customer_ids)),
            cardinality(v_customer_ids)
        );
        insert into crm.prospects (
            org_id, prospect_id, customer_id, owner_user_id, counts, source_import_id, created_by
        )
        select
            p_org_id, n.prospect_id, n.customer_id, n.owner_user_id, n.counts, (p_actor ->> 'import_id')::bigint, v_created_by
        from unnest(v_prospect_ids, v_customer_ids, v_owner_ids, v_counts) as n (
            prospect_id, customer_id, owner_user_id, counts
        );
    end if;

    -- A file of new customers: each draft has made its own, in their order.
    if cardinality(v_prospect_ids) = cardinality(p_places) then
        return array(
            select row(
                d.outcome, d.customer_id, d.matched_by, d.is_readable, d.takes_npwp, d.new_prospect_id, null
            )::crm.lead_place
            from unnest(p_places, v_prospect_ids) as d (
                outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id, new_prospect_id
            )
        );
    end if;

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
        from unnest(p_owner_ids, p_places) as d (
            sales_owner_user_id, outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id
        )
    );
end
$$;

comment on function crm.find_or_create_prospects(uuid, jsonb, uuid[], crm.lead_place[]) is
    'p_owner_ids: the sales owner of each draft or null; p_places: crm.find_or_create_customers(). Returns them with prospect_id. Owner: the sales owner, else the creator. Callers hold the row locks of the customers (spec: command_center §3.2, §3.3).';
revoke all on function crm.find_or_create_prospects(uuid, jsonb, uuid[], crm.lead_place[]) from public;
