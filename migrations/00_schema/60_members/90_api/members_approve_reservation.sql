-- Approves a pending reservation: from now on nobody else is handed the customer.

create or replace function api.members_approve_reservation(p_reservation_id bigint) returns jsonb
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
    v_answer := app.replay('members_approve_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_reservation := members.take_pending(p_reservation_id);
    perform members.approve_reservation(v_reservation.org_id, p_reservation_id);
    perform app.notify(
        array[v_reservation.staff_id], 'reserved_approved', format('Your reservation of %s was approved', v_reservation.customer_id),
        'members.reservations', p_reservation_id::text
    );
    perform app.emit('reservations.approved', array[p_reservation_id::text], members.reservation_tags());
    return app.remember('members_approve_reservation', v_request, members.reservation_answer(p_reservation_id));
end
$$;

comment on function api.members_approve_reservation(bigint) is
    'Returns members.reservation_answer. Raises PT403, PT404 reservation.not_found, PT409 reservation.not_pending (spec: member §5.6, §5.7; cases 40, 54).';
revoke all on function api.members_approve_reservation(bigint) from public;
grant execute on function api.members_approve_reservation(bigint) to authenticated;
