-- Hands a lead to somebody of sales, with the prospect that belongs to it.

create or replace function api.crm_assign_lead(p_lead_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: owners are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb;
    v_wanted jsonb;
    v_answer jsonb;
    v_lead crm.leads;
    v_owner_id uuid;
    v_prospect_id text;
begin
    perform app.require('leads', 'assign');
    v_wanted := app.read_payload('lead', payload, '{
        "new_owner_user_id": {"kind": "uuid", "required": true},
        "notes": {"kind": "text", "maximum": 2000}
    }');
    v_request := payload || jsonb_build_object('lead_id', p_lead_id);
    v_answer := app.replay('crm_assign_lead', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_owner_id := (v_wanted ->> 'new_owner_user_id')::uuid;
    v_lead := crm.take_lead(p_lead_id);
    perform crm.take_lead_owner(v_owner_id);
    if v_lead.closed_at is not null then
        perform app.fail('PT409', 'lead.closed', 'A closed lead is not handed over.', v_lead.status);
    end if;
    -- Or a manager could open any customer by typing its name and assigning the lead (decisions D1, §5.1).
    if not v_lead.counts and v_lead.created_by = app.uid() and not app.may_select_customers(v_lead.org_id, v_lead.customer_id) then
        perform app.fail('PT403', 'lead.needs_another_manager', 'Another manager has to decide who gets this lead.');
    end if;

    v_prospect_id := v_lead.prospect_id;
    if v_lead.sales_owner_user_id is distinct from v_owner_id then
        v_prospect_id := crm.hand_over_prospect(v_lead, v_owner_id);
        perform set_config('pgcrm.assignment_notes', coalesce(v_wanted ->> 'notes', ''), true);
        update crm.leads l
        set sales_owner_user_id = v_owner_id,
            assigned_at = app.now(),
            assigned_by = app.uid(),
            prospect_id = v_prospect_id,
            counts = true
        where l.org_id = v_lead.org_id and l.lead_id = v_lead.lead_id;
        perform set_config('pgcrm.assignment_notes', '', true);
        if v_prospect_id <> v_lead.prospect_id then
            perform crm.leave_prospect(v_lead.org_id, v_lead.prospect_id);
        end if;

        perform app.notify(
            array[v_owner_id], 'lead.assigned', 'Lead ' || v_lead.lead_id || ' was handed to you', 'crm.leads', v_lead.lead_id
        )
        where v_owner_id <> app.uid();
        perform app.emit('leads.assigned', array[v_lead.lead_id], array['leads', 'customers', 'prospects', 'tickets']);
    end if;

    return app.remember(
        'crm_assign_lead', v_request,
        jsonb_build_object(
            'lead_id', v_lead.lead_id,
            'previous_owner_user_id', v_lead.sales_owner_user_id,
            'new_owner_user_id', v_owner_id,
            'prospect_id', v_prospect_id,
            'related_tickets_count', (
                select count(*) from desk.tickets t where t.org_id = v_lead.org_id and t.related_lead_id = v_lead.lead_id
            )
        )
    );
end
$$;

comment on function api.crm_assign_lead(text, jsonb) is
    'payload {new_owner_user_id, notes: up to 2000 characters}. Returns {lead_id, previous_owner_user_id, new_owner_user_id, prospect_id, related_tickets_count}; the same owner again changes nothing. Raises PT403 permission.denied, lead.owner.not_in_team, lead.needs_another_manager, PT404 lead.not_found, PT409 lead.closed, PT422 (spec: command_center §3.4, cases 38–48; decisions D1, D6).';
revoke all on function api.crm_assign_lead(text, jsonb) from public;
grant execute on function api.crm_assign_lead(text, jsonb) to authenticated;
