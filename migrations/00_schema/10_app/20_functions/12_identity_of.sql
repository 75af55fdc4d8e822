-- Who somebody is at this moment: active people of active organisations, with what their role may do.

create or replace function app.identity_of(p_user_id uuid)
returns table (
    org_id uuid,
    user_id uuid,
    role_key text,
    dept_code text,
    team_ids uuid[],
    permission_list text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        p.org_id,
        p.user_id,
        p.role_key,
        p.dept_code,
        -- One level deep, and always oneself (spec: command_center §1.2).
        array(
            select m.user_id
            from app.profiles m
            where m.org_id = p.org_id and m.manager_user_id = p.user_id
        ) || p.user_id,
        r.permission_list
    from app.profiles p
    join app.organizations o on o.org_id = p.org_id
    join app.roles r on r.role_key = p.role_key
    where p.user_id = p_user_id
      and p.is_active
      and o.is_active;
end
$$;

comment on function app.identity_of(uuid) is
    'Organisation, role, department, team (uuid[], oneself included) and permission list of an active person; no row for anybody else (spec: command_center §1.2, §1.3).';
revoke all on function app.identity_of(uuid) from public;
