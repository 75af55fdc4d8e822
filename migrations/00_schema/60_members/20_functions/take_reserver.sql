-- Finds the person for whom a customer is reserved, within the caller's reach.

create or replace function members.take_reserver(p_staff_id uuid) returns app.profiles
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_staff app.profiles;
begin
    select p.*
    into v_staff
    from app.profiles p
    where p.org_id = app.org_id()
      and p.user_id = p_staff_id
      and p.is_active
      -- Whoever may ask for a reservation can have one.
      and exists (
          select
          from app.role_permissions w
          where w.role_key = p.role_key and w.resource = 'reservations' and w.action = 'request'
      )
      and (
          app.can('reservations', 'manage', 'all')
          or (app.can('reservations', 'manage', 'team') and p.user_id = any (app.team_ids()))
      );
    if not found then
        perform app.fail('PT404', 'staff.not_found', 'There is no such staff.', p_staff_id::text);
    end if;
    return v_staff;
end
$$;

comment on function members.take_reserver(uuid) is
    'An active person of the caller''s organisation or team whose role may reserve customers. Raises PT404 staff.not_found (spec: member §5.6, case 43; decisions §1.2).';
revoke all on function members.take_reserver(uuid) from public;
