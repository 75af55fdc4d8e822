-- Finds and locks a reservation that the caller manages.

create or replace function members.take_reservation(p_reservation_id bigint) returns members.reservations
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation members.reservations;
begin
    -- Before the row: whoever hands out records is not disturbed, and nothing changes while we look (decisions D-2).
    perform members.lock_reservations(app.org_id(), true);
    select r.*
    into v_reservation
    from members.reservations r
    where r.org_id = app.org_id()
      and r.reservation_id = p_reservation_id
      and (
          app.can('reservations', 'manage', 'all')
          or (app.can('reservations', 'manage', 'team') and r.staff_id = any (app.team_ids()))
      )
    for update;
    if not found then
        perform app.fail('PT404', 'reservation.not_found', 'There is no such reservation.', p_reservation_id::text);
    end if;
    return v_reservation;
end
$$;

comment on function members.take_reservation(bigint) is
    'Holds members.lock_reservations alone until the transaction ends. Raises PT404 reservation.not_found, also for one of another team (spec: member §5.6, case 43).';
revoke all on function members.take_reservation(bigint) from public;
