-- Changes some fields of a lead.

create or replace function api.crm_update_lead(p_lead_id text, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('lead_id', p_lead_id, 'changes', payload);
    v_answer jsonb;
begin
    perform app.require('leads', 'update');
    v_answer := app.replay('crm_update_lead', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform crm.change_lead(p_lead_id, payload);
    -- With the caller's eyes: no more than they may see.
    return app.remember('crm_update_lead', v_request, api.crm_get_lead(p_lead_id));
end
$$;

comment on function api.crm_update_lead(text, jsonb) is
    'payload: any of status, next_step, due_date, notes, pic_name, contact_phone, email, city_area, country, route, est_volume_value, est_volume_unit, timeline, primary_channel, campaign_name; null clears what is not required. Returns api.crm_get_lead. Raises PT403 permission.denied, lead.status.owned, lead.attribution.marketing, PT404 lead.not_found, PT409 lead.status.transition, PT422 with every bad field (spec: command_center §1.6, §2.5, §7; case 50, pitfall P33).';
revoke all on function api.crm_update_lead(text, jsonb) from public;
grant execute on function api.crm_update_lead(text, jsonb) to authenticated;
