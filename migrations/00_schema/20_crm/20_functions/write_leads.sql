-- Writes leads with their customers and prospects: the one path for a single lead and for a chunk of a file.

create or replace function crm.write_leads(p_org_id uuid, p_actor jsonb, p_drafts crm.lead_draft[])
returns table (
    row_no bigint,
    row_hash bytea,
    lead_id text,
    customer_id text,
    prospect_id text,
    matched_by text,
    counts boolean
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    v_places crm.lead_place[];
    v_lead_ids text[];
    -- Of the drafts what several steps need.
    v_row_nos bigint[];
    v_row_hashes bytea[];
    v_owner_ids uuid[];
    v_id_prefixes text[];
    v_lead_dates date[];
    v_created_by uuid := (p_actor ->> 'user_id')::uuid;
    v_import_id bigint := (p_actor ->> 'import_id')::bigint;
    v_now timestamptz := app.now();
begin
    select
        array_agg(d.row_no), array_agg(d.row_hash), array_agg(d.sales_owner_user_id), array_agg(d.id_prefix),
        array_agg(d.lead_date)
    into v_row_nos, v_row_hashes, v_owner_ids, v_id_prefixes, v_lead_dates
    from unnest(p_drafts) d;

    v_places := crm.find_or_create_prospects(
        p_org_id, p_actor, v_owner_ids, crm.find_or_create_customers(p_org_id, p_actor, p_drafts)
    );

    -- The last counters, drawn in one order by everybody.
    v_lead_ids := array(
        select n.lead_id
        from (
            select d.id_prefix, d.lead_date, array_agg(d.row_no order by d.row_no) as row_nos, count(*) as wanted
            from unnest(v_row_nos, v_id_prefixes, v_lead_dates) as d (row_no, id_prefix, lead_date)
            group by d.id_prefix, d.lead_date
            order by d.id_prefix, d.lead_date
            offset 0
        ) g
        cross join lateral unnest(
            g.row_nos,
            app.format_prefixed_ids(
                g.id_prefix, g.lead_date, app.reserve_ids(p_org_id, g.id_prefix, g.lead_date, g.wanted), g.wanted
            )
        ) as n (row_no, lead_id)
        order by n.row_no
    );
    v_places := array(
        select row(p.outcome, p.customer_id, p.matched_by, p.is_readable, p.takes_npwp, p.prospect_id, p.new_lead_id)::crm.lead_place
        from unnest(v_places, v_lead_ids) as p (
            outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id, new_lead_id
        )
    );

    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, npwp, pic_name, contact_phone, email, city_area, country,
        service_code, route, est_volume_value, est_volume_unit, timeline, sourced_by, primary_channel, campaign_name,
        notes, next_step, due_date, sales_owner_user_id, assigned_at, assigned_by, status_changed_at,
        customer_id, prospect_id, counts, source_import_id, source_row_no, created_by
    )
    select
        p_org_id, d.lead_id, d.lead_date, d.company_name, d.npwp, d.pic_name, d.contact_phone, d.email, d.city_area,
        d.country, d.service_code, d.route, d.est_volume_value, d.est_volume_unit, d.timeline, d.sourced_by,
        d.primary_channel, d.campaign_name, d.notes, d.next_step, d.due_date,
        -- On a customer that its creator cannot read a lead is unowned, even if the creator named himself (decisions §5.1).
        case when d.is_readable then d.sales_owner_user_id end,
        case when d.is_readable and d.sales_owner_user_id is not null then v_now end,
        case when d.is_readable and d.sales_owner_user_id is not null then v_created_by end,
        v_now,
        d.customer_id, d.prospect_id, d.is_readable,
        v_import_id,
        case when v_import_id is not null then d.row_no end,
        v_created_by
    from unnest(p_drafts, v_places) d;

    return query
    select w.row_no, w.row_hash, w.lead_id, w.customer_id, w.prospect_id, w.matched_by, w.is_readable
    from unnest(v_row_nos, v_row_hashes, v_places) as w (
        row_no, row_hash, outcome, customer_id, matched_by, is_readable, takes_npwp, prospect_id, lead_id
    );
end
$$;

comment on function crm.write_leads(uuid, jsonb, crm.lead_draft[]) is
    'p_actor: crm.lead_rules(), with import_id for a file; p_drafts: drafts of crm.draft_leads, sorted by row_no. Callers hold the customer locks. One row per draft, in their order; counts = false when the customer was there already and the creator cannot read it (spec: command_center §3.3, decisions D1).';
revoke all on function crm.write_leads(uuid, jsonb, crm.lead_draft[]) from public;
