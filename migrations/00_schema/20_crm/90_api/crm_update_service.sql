-- Changes a service of the catalogue; its code stays.

create or replace function api.crm_update_service(p_service_code text, payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('service_code', p_service_code, 'changes', payload);
    v_changes jsonb;
    v_answer jsonb;
begin
    perform app.require('services', 'update');
    v_changes := crm.draft_service(payload, false);
    v_answer := app.replay('crm_update_service', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    update crm.services s
    set service_name = coalesce(v_changes ->> 'service_name', s.service_name),
        owner_dept = coalesce(v_changes ->> 'owner_dept', s.owner_dept),
        scope_group = coalesce(v_changes ->> 'scope_group', s.scope_group)
    where s.org_id = app.org_id() and s.service_code = p_service_code;
    if not found then
        perform app.fail('PT404', 'service.not_found', 'There is no such service.', left(p_service_code, 100));
    end if;
    perform app.emit('services.updated', array[p_service_code], array['services']);
    return app.remember(
        'crm_update_service', v_request,
        (select to_jsonb(s) - 'org_id' from api.services s where s.service_code = p_service_code)
    );
end
$$;

comment on function api.crm_update_service(text, jsonb) is
    'payload: any of service_name, owner_dept, scope_group. Tickets that are there keep their department. Returns the service. Raises PT401, PT403, PT404 service.not_found, PT422 with every bad field (spec: command_center §1.5, §2.3).';
revoke all on function api.crm_update_service(text, jsonb) from public;
grant execute on function api.crm_update_service(text, jsonb) to authenticated;
