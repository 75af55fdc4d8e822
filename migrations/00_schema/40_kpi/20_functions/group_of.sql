-- To which group of roles somebody belongs, whose metrics are asked for.

create or replace function kpi.group_of(p_user_id uuid) returns text
language sql
stable
security definer -- whose numbers are asked for is known, their profile need not be
set search_path = pg_catalog, pg_temp
as $$
    select r.role_group
    from app.profiles p
    join app.roles r on r.role_key = p.role_key
    where p.org_id = app.org_id() and p.user_id = p_user_id and p.is_active
$$;

comment on function kpi.group_of(uuid) is
    'role_group of an active person of the caller''s organisation; null for anybody else (spec: command_center §5.3).';
revoke all on function kpi.group_of(uuid) from public;
grant execute on function kpi.group_of(uuid) to authenticated;
