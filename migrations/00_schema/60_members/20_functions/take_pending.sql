-- Finds and locks a pending reservation that the caller may decide.

create or replace function members.take_pending(p_reservation_id bigint) returns members.reservations
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation members.reservations := members.take_reservation(p_reservation_id);
begin
    if v_reservation.status <> 'pending' then
        perform app.fail('PT409', 'reservation.not_pending', 'This reservation is not pending.', p_reservation_id::text);
    end if;
    return v_reservation;
end
$$;

comment on function members.take_pending(bigint) is
    'As members.take_reservation. Raises PT404 reservation.not_found, PT409 reservation.not_pending (spec: member §5.6, case 40).';
revoke all on function members.take_pending(bigint) from public;
