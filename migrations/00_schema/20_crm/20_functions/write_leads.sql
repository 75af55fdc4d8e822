-- Writes leads with their customers and prospects: the one path for a single lead and for a chunk of a file.

create or replace function crm.write_leads(p_org_id uuid, p_actor jsonb, p_drafts jsonb)
returns table (
    row_no bigint,
    lead_id text,
    customer_id text,
    prospect_id text,
    matched_by text,
    counts boolean
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_drafts jsonb;
    v_created_by uuid := (p_actor ->> 'user_id')::uuid;
begin
    v_drafts := crm.find_or_create_customers(p_org_id, p_actor, p_drafts);

    -- On a customer that its creator cannot read a lead is unowned, even if the creator named himself (decisions §5.1).
    select jsonb_agg(
        case when (d.value ->> 'is_readable')::boolean then d.value else d.value - 'sales_owner_user_id' end
    )
    into v_drafts
    from jsonb_array_elements(v_drafts) as d (value);

    v_drafts := crm.find_or_create_prospects(p_org_id, p_actor, v_drafts);

    return query
    with draft as (
        select
            d.*,
            row_number() over (partition by d.id_prefix, d.lead_date order by d.row_no) as position
        from jsonb_to_recordset(v_drafts) as d (
            row_no bigint, id_prefix text, lead_date date, company_name text, npwp text, pic_name text, contact_phone text,
            email text, city_area text, country text, service_code text, route text, est_volume_value numeric,
            est_volume_unit text, timeline text, sourced_by text, primary_channel text, campaign_name text, notes text,
            next_step text, due_date date, sales_owner_user_id uuid, customer_id text, prospect_id text, matched_by text,
            is_readable boolean
        )
    ),
    -- The last counters, drawn in one order by everybody.
    block as materialized (
        select g.id_prefix, g.lead_date, app.reserve_ids(p_org_id, g.id_prefix, g.lead_date, g.wanted) as first_seq
        from (
            select d.id_prefix, d.lead_date, count(*) as wanted
            from draft d
            group by d.id_prefix, d.lead_date
            order by d.id_prefix, d.lead_date
        ) g
    ),
    numbered as (
        select d.*, app.format_prefixed_id(d.id_prefix, d.lead_date, b.first_seq - 1 + d.position) as lead_id
        from draft d
        join block b on b.id_prefix = d.id_prefix and b.lead_date = d.lead_date
    ),
    written as (
        insert into crm.leads (
            org_id, lead_id, lead_date, company_name, npwp, pic_name, contact_phone, email, city_area, country,
            service_code, route, est_volume_value, est_volume_unit, timeline, sourced_by, primary_channel, campaign_name,
            notes, next_step, due_date, sales_owner_user_id, assigned_at, assigned_by, customer_id, prospect_id, counts,
            source_import_id, source_row_no, created_by
        )
        select
            p_org_id, n.lead_id, n.lead_date, n.company_name, n.npwp, n.pic_name, n.contact_phone, n.email, n.city_area,
            n.country, n.service_code, n.route, n.est_volume_value, n.est_volume_unit, n.timeline, n.sourced_by,
            n.primary_channel, n.campaign_name, n.notes, n.next_step, n.due_date, n.sales_owner_user_id,
            case when n.sales_owner_user_id is not null then app.now() end,
            case when n.sales_owner_user_id is not null then v_created_by end,
            n.customer_id, n.prospect_id, n.is_readable,
            (p_actor ->> 'import_id')::bigint,
            case when p_actor ->> 'import_id' is not null then n.row_no end,
            v_created_by
        from numbered n
        order by n.row_no
    )
    select n.row_no, n.lead_id, n.customer_id, n.prospect_id, n.matched_by, n.is_readable
    from numbered n;
end
$$;

comment on function crm.write_leads(uuid, jsonb, jsonb) is
    'p_actor: crm.lead_actor(); p_drafts: array of drafts of crm.draft_lead, each with row_no. Callers hold the customer locks. One row per draft; counts = false when the customer was there already and the creator cannot read it (spec: command_center §3.3, decisions D1).';
revoke all on function crm.write_leads(uuid, jsonb, jsonb) from public;
