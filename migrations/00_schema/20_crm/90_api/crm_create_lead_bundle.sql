-- Creates a lead with its customer, prospect and, where asked for, the request for a tariff: all or nothing.

create or replace function api.crm_create_lead_bundle(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: no role inserts leads, customers, prospects or tickets itself
-- Everything below is found by key: planning it anew for each call took most of the call.
set plan_cache_mode = force_generic_plan
-- … and a plan made while a table was empty must not read all of it later.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_user_id uuid;
    v_rules jsonb;
    v_read record;
    v_rfq jsonb;
    v_problems jsonb;
    v_answer jsonb;
    v_lead record;
    v_ticket_id text;
begin
    perform app.require('leads', 'insert');
    v_org_id := app.org_id();
    v_user_id := app.uid();

    if jsonb_typeof(payload) is distinct from 'object' then
        perform app.fail('PT422', 'request.not_an_object', 'The body must be a JSON object.');
    end if;

    v_answer := app.replay('crm_create_lead_bundle', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_rules := crm.lead_rules(
        v_user_id,
        case
            when btrim(payload ->> 'sales_owner_user_id') ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$'
                then array[btrim(payload ->> 'sales_owner_user_id')::uuid]
            else '{}'
        end
    );
    select d.draft, d.problems into v_read from crm.draft_leads('{1}', array[payload], null, v_rules) d;
    v_problems := crm.unknown_lead_fields(payload) || v_read.problems;
    if payload -> 'need_rfq' = 'true' then
        v_rfq := crm.draft_rfq(
            payload || jsonb_strip_nulls(jsonb_build_object('service_code', (v_read.draft).service_code)), v_rules
        );
        v_problems := v_problems || (v_rfq -> 'problems');
    end if;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;

    perform crm.lock_customer_keys(v_org_id, array[v_read.draft]);

    select w.*
    into v_lead
    from crm.write_leads(v_org_id, v_rules, array[v_read.draft]) w;

    if v_rfq -> 'missing' = '[]' then
        v_ticket_id := desk.open_rfq(
            v_org_id, v_user_id, v_lead.lead_id, v_lead.customer_id, (v_read.draft).service_code, v_rfq -> 'ticket'
        );
        perform app.emit('tickets.created', array[v_ticket_id], array['tickets']);
    end if;

    if not v_lead.counts then
        perform crm.report_uncounted_leads(v_user_id, array[v_lead.lead_id]);
    end if;
    perform app.emit('leads.created', array[v_lead.lead_id], array['leads', 'customers', 'prospects']);

    return app.remember(
        'crm_create_lead_bundle',
        payload,
        jsonb_build_object(
            'lead_id', v_lead.lead_id,
            -- Whoever cannot read the customer learns nothing of it (decisions §5.1).
            'customer_id', case when v_lead.counts then v_lead.customer_id end,
            'prospect_id', v_lead.prospect_id,
            'ticket_id', v_ticket_id
        )
        || case when v_rfq -> 'missing' <> '[]' then jsonb_build_object('rfq_missing_fields', v_rfq -> 'missing') else '{}' end
        || case
            when v_lead.counts and v_lead.matched_by is not null
                then jsonb_build_object('customer_matched_by', v_lead.matched_by)
            else '{}'
        end
    );
end
$$;

comment on function api.crm_create_lead_bundle(jsonb) is
    'payload: company_name, pic_name, contact_phone, email, city_area, service_code, primary_channel; optional npwp, country, route, est_volume_value, est_volume_unit, timeline, campaign_name, notes, lead_date, sourced_by, next_step, due_date, sales_owner_user_id, need_rfq and twelve rfq_ fields. Returns {lead_id, customer_id, prospect_id, ticket_id, rfq_missing_fields?, customer_matched_by?}. Raises PT401, PT403, PT422 request.invalid with every bad field (spec: command_center §3.1–§3.3, decisions D1).';
revoke all on function api.crm_create_lead_bundle(jsonb) from public;
grant execute on function api.crm_create_lead_bundle(jsonb) to authenticated;
