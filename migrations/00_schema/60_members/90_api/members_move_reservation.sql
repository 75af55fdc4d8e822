-- Gives a reservation to another staff, with all that follows from it.

create or replace function api.members_move_reservation(p_reservation_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('reservation_id', p_reservation_id, 'payload', payload);
    v_wanted jsonb;
    v_reservation members.reservations;
    v_staff app.profiles;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_wanted := app.read_payload('reservation', payload, '{"new_staff_id": {"kind": "uuid", "required": true}}');
    v_answer := app.replay('members_move_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_reservation := members.take_reservation(p_reservation_id);
    v_staff := members.take_reserver((v_wanted ->> 'new_staff_id')::uuid);

    if v_staff.user_id <> v_reservation.staff_id then
        update members.reservations r
        set staff_id = v_staff.user_id
        where r.org_id = v_reservation.org_id and r.reservation_id = p_reservation_id;
        perform app.notify(
            array[v_reservation.staff_id, v_staff.user_id], 'reservation_moved',
            format('The reservation of %s belongs to %s now', v_reservation.customer_id, v_staff.full_name),
            'members.reservations', p_reservation_id::text
        );
        perform app.emit('reservations.moved', array[p_reservation_id::text], members.reservation_tags());
    end if;
    return app.remember('members_move_reservation', v_request, members.reservation_answer(p_reservation_id));
end
$$;

comment on function api.members_move_reservation(bigint, jsonb) is
    'payload {new_staff_id}. The old owner''s flags are undone, others'' records of the customer are flagged for the new one. Returns members.reservation_answer. Raises PT403, PT404 reservation.not_found, staff.not_found, PT422 (spec: member §5.6; cases 43, 58, BF-12).';
revoke all on function api.members_move_reservation(bigint, jsonb) from public;
grant execute on function api.members_move_reservation(bigint, jsonb) to authenticated;
