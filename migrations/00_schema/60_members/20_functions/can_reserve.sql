-- Whether a person is one for whom customers can be reserved.

create or replace function members.can_reserve(p_org_id uuid, p_user_id uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select
        from app.profiles p
        join app.role_permissions w on w.role_key = p.role_key and w.resource = 'reservations' and w.action = 'request'
        where p.org_id = p_org_id and p.user_id = p_user_id and p.is_active
    )
$$;

comment on function members.can_reserve(uuid, uuid) is 'Active, and of a role that asks for reservations (spec: member §5.6).';
revoke all on function members.can_reserve(uuid, uuid) from public;
