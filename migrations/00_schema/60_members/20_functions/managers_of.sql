-- Who decides about a staff's reservations.

create or replace function members.managers_of(p_org_id uuid, p_staff_id uuid) returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(p.user_id order by p.user_id), '{}')
    from app.profiles p
    where p.org_id = p_org_id
      and p.is_active
      and exists (
          select
          from app.role_permissions w
          where w.role_key = p.role_key and w.resource = 'reservations' and w.action = 'manage'
            and (
                w.scope = 'all'
                or (
                    w.scope = 'team'
                    and exists (
                        select
                        from app.profiles s
                        where s.org_id = p.org_id and s.user_id = p_staff_id and s.manager_user_id = p.user_id
                    )
                )
            )
      )
$$;

comment on function members.managers_of(uuid, uuid) is
    'Active people who may manage reservations of this staff: everybody whose role may, and the manager where the role may in its team (spec: member §5.22, BF-42).';
revoke all on function members.managers_of(uuid, uuid) from public;
