-- Finds and locks an archived reservation that the caller manages.

create or replace function members.take_deleted(p_deleted_id bigint) returns members.deleted_reservations
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_deleted members.deleted_reservations;
begin
    perform members.lock_reservations(app.org_id(), true);
    select d.*
    into v_deleted
    from members.deleted_reservations d
    where d.org_id = app.org_id()
      and d.deleted_id = p_deleted_id
      and (
          app.can('reservations', 'manage', 'all')
          or (app.can('reservations', 'manage', 'team') and d.staff_id = any (app.team_ids()))
      )
    for update;
    if not found then
        perform app.fail('PT404', 'reservation.not_found', 'There is no such reservation in the archive.', p_deleted_id::text);
    end if;
    return v_deleted;
end
$$;

comment on function members.take_deleted(bigint) is
    'Holds members.lock_reservations alone until the transaction ends. Raises PT404 reservation.not_found (spec: member §5.6).';
revoke all on function members.take_deleted(bigint) from public;
