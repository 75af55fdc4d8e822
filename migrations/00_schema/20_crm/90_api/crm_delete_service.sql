-- Takes a service that nothing refers to out of the catalogue.

create or replace function api.crm_delete_service(p_service_code text) returns jsonb
language plpgsql
security definer -- the matrix says rpc: services are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('services', 'delete');
    -- The lock keeps new leads and tickets from asking for it meanwhile.
    perform from crm.services s where s.org_id = v_org_id and s.service_code = p_service_code for update;
    if not found then
        perform app.fail('PT404', 'service.not_found', 'There is no such service.', left(p_service_code, 100));
    end if;
    if exists (select from crm.leads l where l.org_id = v_org_id and l.service_code = p_service_code)
        or exists (select from desk.tickets t where t.org_id = v_org_id and t.service_code = p_service_code)
    then
        perform app.fail('PT409', 'service.in_use', 'Leads or tickets ask for this service.', p_service_code);
    end if;
    delete from crm.services s where s.org_id = v_org_id and s.service_code = p_service_code;
    perform app.emit('services.deleted', array[p_service_code], array['services']);
    return jsonb_build_object('service_code', p_service_code);
end
$$;

comment on function api.crm_delete_service(text) is
    'Returns {service_code}. Raises PT401, PT403, PT404 service.not_found, PT409 service.in_use (spec: command_center §1.5).';
revoke all on function api.crm_delete_service(text) from public;
grant execute on function api.crm_delete_service(text) to authenticated;
