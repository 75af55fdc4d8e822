-- Changes a lead of the caller's: what was typed, the next step, its status.

create or replace function crm.change_lead(p_lead_id text, p_changes jsonb) returns void
language plpgsql
security definer -- status, channel and campaign have no grant: who may set them depends on the row and the role
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_lead crm.leads;
    v_changed crm.leads;
begin
    perform app.require('leads', 'update');
    -- As it is now, not as it was while somebody handed it over.
    select l.* into v_lead from crm.leads l where l.org_id = v_org_id and l.lead_id = p_lead_id for no key update;
    if v_lead.lead_id is null or not (
        app.may_update_leads(v_org_id, p_lead_id)
        -- Who made a lead for sales may still add to its notes (spec §1.7).
        or (app.can('leads', 'annotate', 'created') and v_lead.created_by = app.uid() and p_changes - 'notes' = '{}')
    ) then
        perform app.fail('PT404', 'lead.not_found', 'There is no such lead that you may change.', left(p_lead_id, 100));
    end if;

    v_changed := crm.draft_lead_change(v_lead, p_changes);
    -- A change that changes nothing leaves no trace.
    if v_changed is distinct from v_lead then
        update crm.leads l
        set status = v_changed.status,
            next_step = v_changed.next_step,
            due_date = v_changed.due_date,
            notes = v_changed.notes,
            pic_name = v_changed.pic_name,
            contact_phone = v_changed.contact_phone,
            email = v_changed.email,
            city_area = v_changed.city_area,
            country = v_changed.country,
            route = v_changed.route,
            est_volume_value = v_changed.est_volume_value,
            est_volume_unit = v_changed.est_volume_unit,
            timeline = v_changed.timeline,
            primary_channel = v_changed.primary_channel,
            campaign_name = v_changed.campaign_name
        where l.org_id = v_org_id and l.lead_id = p_lead_id;
        perform app.emit('leads.updated', array[p_lead_id], array['leads']);
    end if;
end
$$;

comment on function crm.change_lead(text, jsonb) is
    'What api.crm_update_lead does before it answers; that documents parameters and errors (spec: command_center §1.6, §7).';
revoke all on function crm.change_lead(text, jsonb) from public;
grant execute on function crm.change_lead(text, jsonb) to authenticated;
