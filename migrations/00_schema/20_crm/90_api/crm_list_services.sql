-- The service catalogue of the caller's organisation.

create or replace function api.crm_list_services(p_scope_group text default null, p_owner_dept text default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('services', 'select');
    return jsonb_build_object(
        'items',
        (
            select coalesce(jsonb_agg(to_jsonb(s) - 'org_id' order by s.scope_group, s.service_name, s.service_code), '[]')
            from api.services s
            where (p_scope_group is null or s.scope_group = p_scope_group)
              and (p_owner_dept is null or s.owner_dept = p_owner_dept)
        )
    );
end
$$;

comment on function api.crm_list_services(text, text) is
    'Returns {items: rows of api.services}, all of them: a catalogue has tens. Raises PT401 (spec: command_center §6, §7).';
revoke all on function api.crm_list_services(text, text) from public;
grant execute on function api.crm_list_services(text, text) to authenticated;
