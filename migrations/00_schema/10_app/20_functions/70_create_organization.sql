-- Founds an organisation with the departments and services every one starts with.

create or replace function app.create_organization(p_name text, p_slug text, p_org_id uuid default null) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
begin
    insert into app.organizations (org_id, name, slug)
    values (coalesce(p_org_id, gen_random_uuid()), p_name, p_slug)
    returning org_id into v_org_id;

    insert into app.departments (org_id, dept_code, dept_name, is_operations)
    select v_org_id, t.dept_code, t.dept_name, t.is_operations
    from app.department_templates t;

    insert into crm.services (org_id, service_code, service_name, owner_dept, scope_group)
    select v_org_id, t.service_code, t.service_name, t.owner_dept, t.scope_group
    from crm.service_templates t;

    return v_org_id;
end
$$;

comment on function app.create_organization(text, text, uuid) is
    'Returns the new org_id. p_slug: lower case letters, digits, hyphens; unique. Departments and services come from the templates (spec: command_center §6).';
revoke all on function app.create_organization(text, text, uuid) from public;
