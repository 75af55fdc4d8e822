-- Adds a service to the catalogue.

create or replace function api.crm_create_service(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: services are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_answer jsonb;
begin
    perform app.require('services', 'insert');
    v_wanted := crm.draft_service(payload, true);
    v_answer := app.replay('crm_create_service', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    insert into crm.services (org_id, service_code, service_name, owner_dept, scope_group)
    values (
        v_org_id, v_wanted ->> 'service_code', v_wanted ->> 'service_name', v_wanted ->> 'owner_dept', v_wanted ->> 'scope_group'
    )
    on conflict do nothing;
    if not found then
        perform app.fail('PT409', 'service.service_code.duplicate', 'There is a service of this code.', v_wanted ->> 'service_code');
    end if;
    perform app.emit('services.created', array[v_wanted ->> 'service_code'], array['services']);
    return app.remember('crm_create_service', payload, v_wanted);
end
$$;

comment on function api.crm_create_service(jsonb) is
    'payload {service_code (capitals, digits, _), service_name, owner_dept, scope_group}, all required. Returns the service. Raises PT401, PT403, PT409 service.service_code.duplicate, PT422 with every bad field (spec: command_center §1.5, §2.3).';
revoke all on function api.crm_create_service(jsonb) from public;
grant execute on function api.crm_create_service(jsonb) to authenticated;
