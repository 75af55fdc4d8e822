-- Makes a reservation permanent, or temporary again.

create or replace function api.members_toggle_permanent(p_reservation_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('reservation_id', p_reservation_id);
    v_reservation members.reservations;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_answer := app.replay('members_toggle_permanent', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_reservation := members.take_reservation(p_reservation_id);
    update members.reservations r
    set is_permanent = not r.is_permanent
    where r.org_id = v_reservation.org_id and r.reservation_id = p_reservation_id;
    perform app.emit('reservations.updated', array[p_reservation_id::text], array['reservations']);
    return app.remember('members_toggle_permanent', v_request, members.reservation_answer(p_reservation_id));
end
$$;

comment on function api.members_toggle_permanent(bigint) is
    'Flips is_permanent; an Idempotency-Key makes a repetition safe. Permanent ones never expire. Returns members.reservation_answer. Raises PT403, PT404 reservation.not_found (spec: member §5.6 permanent toggle).';
revoke all on function api.members_toggle_permanent(bigint) from public;
grant execute on function api.members_toggle_permanent(bigint) to authenticated;
