-- Reads a service, new or changed: the fields that were named, or everything that is wrong with them.

create or replace function crm.draft_service(p_input jsonb, p_is_new boolean) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fields constant jsonb := '{
        "service_name": {"kind": "text", "required": true, "maximum": 255},
        "owner_dept": {"kind": "text", "required": true, "maximum": 3},
        "scope_group": {"kind": "text", "required": true, "maximum": 100}
    }'::jsonb;
    v_wanted jsonb;
    v_problems jsonb;
begin
    if p_is_new then
        v_wanted := app.read_payload('service', p_input, v_fields || '{"service_code": {"kind": "text", "required": true, "maximum": 50}}');
    else
        v_wanted := app.read_changes('service', p_input, v_fields);
    end if;

    select coalesce(jsonb_agg(jsonb_build_object('field', p.field, 'code', 'service.' || p.code, 'message', p.message)), '[]')
    into v_problems
    from (
        select 'service_code' as field, 'service_code.format' as code, 'must be capitals, digits and _, a letter first' as message
        where v_wanted ->> 'service_code' !~ '^[A-Z][A-Z0-9_]*$'
        union all
        select 'owner_dept', 'owner_dept.unknown', 'is no department'
        where v_wanted ? 'owner_dept' and not exists (
            select from app.departments d where d.org_id = app.org_id() and d.dept_code = v_wanted ->> 'owner_dept'
        )
    ) p;
    if v_problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_problems::text);
    end if;
    return v_wanted;
end
$$;

comment on function crm.draft_service(jsonb, boolean) is
    'Returns {field: value}. Raises PT422 request.invalid with every bad field (spec: command_center §2.3).';
revoke all on function crm.draft_service(jsonb, boolean) from public;
grant execute on function crm.draft_service(jsonb, boolean) to authenticated;
