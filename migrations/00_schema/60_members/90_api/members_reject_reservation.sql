-- Rejects a pending reservation: it is gone, and whoever asked is told.

create or replace function api.members_reject_reservation(p_reservation_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('reservation_id', p_reservation_id);
    v_reservation members.reservations;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_answer := app.replay('members_reject_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_reservation := members.take_pending(p_reservation_id);
    perform members.end_reservations(v_reservation.org_id, array[p_reservation_id], 'admin_manual_delete', app.uid());
    perform app.notify(
        array[v_reservation.staff_id], 'reserved_rejected', format('Your reservation of %s was rejected', v_reservation.customer_id),
        'members.reservations', p_reservation_id::text
    );
    perform app.emit('reservations.rejected', array[p_reservation_id::text], array['reservations', 'notifications']);
    return app.remember('members_reject_reservation', v_request, jsonb_build_object('reservation_id', p_reservation_id, 'status', 'rejected'));
end
$$;

comment on function api.members_reject_reservation(bigint) is
    'Returns {reservation_id, status: rejected}; nothing is archived, it never counted. Raises PT403, PT404 reservation.not_found, PT409 reservation.not_pending (spec: member §5.6, case 40).';
revoke all on function api.members_reject_reservation(bigint) from public;
grant execute on function api.members_reject_reservation(bigint) to authenticated;
