-- A person as managers see them.

create or replace function app.profile_as_json(p_org_id uuid, p_user_id uuid) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'user_id', p.user_id,
        'user_code', p.user_code,
        'email', p.email,
        'full_name', p.full_name,
        'role_key', p.role_key,
        'role_label', r.label,
        'dept_code', p.dept_code,
        'manager_user_id', p.manager_user_id,
        'is_active', p.is_active,
        'blocked_pages', to_jsonb(p.blocked_pages),
        'created_at', p.created_at,
        'updated_at', p.updated_at
    )
    from app.profiles p
    join app.roles r on r.role_key = p.role_key
    where p.org_id = p_org_id and p.user_id = p_user_id
$$;

comment on function app.profile_as_json(uuid, uuid) is
    'Returns {user_id, user_code, email, full_name, role_key, role_label, dept_code, manager_user_id, is_active, blocked_pages, created_at, updated_at}. Invoker: under the caller''s policies, or the owner''s. Rule: spec command_center §1.6.';
revoke all on function app.profile_as_json(uuid, uuid) from public;
grant execute on function app.profile_as_json(uuid, uuid) to authenticated;
