-- Who am I: profile, role, menus and permissions of the caller.

create or replace function api.app_me() returns jsonb
language plpgsql
stable
security definer -- shows the caller's own role and permissions, which stand in tables without other readers
set search_path = pg_catalog, pg_temp
as $$
declare
    v_me jsonb;
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;

    select jsonb_build_object(
        'user_id', p.user_id,
        'user_code', p.user_code,
        'email', p.email,
        'full_name', p.full_name,
        'role', jsonb_build_object('key', r.role_key, 'label', r.label, 'group', r.role_group),
        'department', jsonb_build_object('code', d.dept_code, 'name', d.dept_name),
        'manager_user_id', p.manager_user_id,
        -- Screens that a front end hides from this person (member §2).
        'blocked_pages', to_jsonb(p.blocked_pages),
        'organization', jsonb_build_object(
            'org_id', o.org_id,
            'name', o.name,
            'time_zone', app.setting('time_zone'),
            'currency', app.setting('currency')
        ),
        'menus', coalesce(
            (
                select jsonb_agg(jsonb_build_object('key', m.menu_key, 'label', m.label) order by m.position)
                from app.role_menus rm
                join app.menus m on m.menu_key = rm.menu_key
                where rm.role_key = p.role_key
            ),
            '[]'
        ),
        'permissions', coalesce(
            (
                select jsonb_agg(
                    jsonb_build_object('resource', g.resource, 'action', g.action, 'scopes', g.scopes)
                    order by g.resource, g.action
                )
                from (
                    select rp.resource, rp.action, jsonb_agg(rp.scope order by rp.scope) as scopes
                    from app.role_permissions rp
                    where rp.role_key = p.role_key
                    group by rp.resource, rp.action
                ) g
            ),
            '[]'
        )
    )
    into v_me
    from app.profiles p
    join app.organizations o on o.org_id = p.org_id
    join app.roles r on r.role_key = p.role_key
    join app.departments d on d.org_id = p.org_id and d.dept_code = p.dept_code
    where p.org_id = app.org_id() and p.user_id = app.uid();

    return v_me;
end
$$;

comment on function api.app_me() is
    'Returns {user_id, user_code, email, full_name, role, department, manager_user_id, blocked_pages, organization, menus, permissions} of the caller. Raises PT401 auth.required (spec: command_center §1.1, case 141; member §5.1, case 7).';
revoke all on function api.app_me() from public;
grant execute on function api.app_me() to authenticated, analyst;
