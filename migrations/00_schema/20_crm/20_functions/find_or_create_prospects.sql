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
    v_customer_ids text[];
    v_owner_ids uuid[];
    v_prospect_ids text[];
    -- Of a new prospect the number among the new ones, in the order of the drafts; null: it exists.
    v_numbers bigint[];
    -- The first of the drafts that share a new prospect writes it.
    v_firsts boolean[];
    v_counts boolean[];
    v_first_seq bigint;
begin
    select
        array_agg(n.customer_id order by n.position),
        array_agg(n.owner_user_id order by n.position),
        array_agg(n.prospect_id order by n.position),
        array_agg(n.number order by n.position),
        array_agg(n.first = n.position order by n.position),
        array_agg(n.counts order by n.position)
    into v_customer_ids, v_owner_ids, v_prospect_ids, v_numbers, v_firsts, v_counts
    from (
        select
            g.*,
            case
                when g.prospect_id is null
                    then count(*) filter (where g.prospect_id is null and g.first = g.position) over (order by g.first)
            end as number
        from (
            select
                f.*,
                min(f.position) over (partition by f.customer_id, f.owner_user_id) as first,
                bool_or(f.is_readable) over (partition by f.customer_id, f.owner_user_id) as counts
            from (
                select
                    d.ordinality as position,
                    d.customer_id,
                    d.is_readable,
                    o.owner_user_id,
                    case
                        -- A customer that was made a moment ago has none.
                        when d.outcome = 'match' then (
                            select p.prospect_id
                            from crm.prospects p
                            where p.org_id = p_org_id and p.customer_id = d.customer_id and p.owner_user_id = o.owner_user_id
                            limit 1
                        )
                    end as prospect_id
                from unnest(p_drafts, p_places) with ordinality as d
                cross join lateral (
                    -- On a customer that its creator cannot read a lead is unowned (decisions §5.1).
                    select coalesce(case when d.is_readable then d.sales_owner_user_id end, v_created_by) as owner_user_id
                    offset 0
                ) o
            ) f
        ) g
    ) n;

    if exists (select from unnest(v_numbers) n where n is not null) then
        v_first_seq := app.reserve_ids(
            p_org_id, 'ACT', v_today, (select max(n) from unnest(v_numbers) n)
        );
        v_prospect_ids := array(
            select coalesce(n.prospect_id, app.format_prefixed_id('ACT', v_today, v_first_seq - 1 + n.number))
            from unnest(v_prospect_ids, v_numbers) as n (prospect_id, number)
        );

        insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id, counts, source_import_id, created_by)
        select
            p_org_id, n.prospect_id, n.customer_id, n.owner_user_id, n.counts, (p_actor ->> 'import_id')::bigint, v_created_by
        from unnest(v_prospect_ids, v_customer_ids, v_owner_ids, v_counts, v_numbers, v_firsts) as n (
            prospect_id, customer_id, owner_user_id, counts, number, is_first
        )
        where n.number is not null and n.is_first
        order by n.number;
    end if;

    return array(
        select row(p.outcome, p.customer_id, p.matched_by, p.is_readable, p.takes_npwp, p.new_prospect_id, null)::crm.lead_place
        from unnest(p_places, v_prospect_ids) as p (
            outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id, new_prospect_id
        )
    );
end
$$;

comment on function crm.find_or_create_prospects(uuid, jsonb, crm.lead_draft[], crm.lead_place[]) is
    'p_places: crm.find_or_create_customers(). Returns them with prospect_id. Owner: the sales owner, else the creator. Callers hold the row locks of the customers (spec: command_center §3.2, §3.3).';
revoke all on function crm.find_or_create_prospects(uuid, jsonb, crm.lead_draft[], crm.lead_place[]) from public;
