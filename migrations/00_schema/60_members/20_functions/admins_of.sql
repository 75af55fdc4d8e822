-- Who looks after a staff's records.

create or replace function members.admins_of(p_staff_id uuid) returns uuid[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(p.user_id), '{}')
    from app.profiles p
    where p.org_id = app.org_id()
      and p.is_active
      and exists (
          select
          from app.role_permissions rp
          where rp.role_key = p.role_key and rp.resource = 'records' and rp.action = 'assign'
            and (
                rp.scope = 'all'
                or (
                    rp.scope = 'team'
                    and exists (
                        select
                        from app.profiles s
                        where s.org_id = p.org_id and s.user_id = p_staff_id and s.manager_user_id = p.user_id
                    )
                )
            )
      )
$$;

comment on function members.admins_of(uuid) is
    'Active people who may hand out records to this staff: everybody whose role may, and the manager where the role may in its team (BF-42).';
revoke all on function members.admins_of(uuid) from public;
