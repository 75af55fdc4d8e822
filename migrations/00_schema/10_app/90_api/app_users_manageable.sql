-- What a screen that manages people offers: the roles that the caller may give, and the departments.

create or replace function api.app_users_manageable() returns jsonb
language plpgsql
stable
security definer -- asks what only functions of the owner may ask
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('profiles', 'manage');
    return jsonb_build_object(
        'roles', (
            select coalesce(
                jsonb_agg(jsonb_build_object('role_key', r.role_key, 'label', r.label) order by r.level desc, r.label), '[]'
            )
            from app.roles r
            where app.may_manage_profile(r.role_key, app.dept_code(), app.uid())
        ),
        'people', (
            select coalesce(jsonb_agg(app.profile_as_json(p.org_id, p.user_id) order by p.full_name, p.user_id), '[]')
            from (
                select p.*
                from app.profiles p
                where p.org_id = app.org_id()
                  and p.deleted_at is null
                  and app.may_manage_profile(p.role_key, p.dept_code, p.manager_user_id)
                order by p.full_name, p.user_id
                limit 500
            ) p
        )
    );
end
$$;

comment on function api.app_users_manageable() is
    'Returns {roles: those that the caller may give, people: the first 500, by name, whom the caller manages}. Raises PT401, PT403 (spec: command_center §7 EXTRA, decisions §5.13).';
revoke all on function api.app_users_manageable() from public;
grant execute on function api.app_users_manageable() to authenticated;
