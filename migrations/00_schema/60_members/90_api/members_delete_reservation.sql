-- Deletes a reservation: an approved one goes to the archive.

create or replace function api.members_delete_reservation(p_reservation_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('reservation_id', p_reservation_id);
    v_reservation members.reservations;
    v_flagged bigint;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_answer := app.replay('members_delete_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_reservation := members.take_reservation(p_reservation_id);
    select count(*)
    into v_flagged
    from members.conflicts c
    where c.org_id = v_reservation.org_id and c.reservation_id = p_reservation_id and c.restored_at is null;

    perform members.end_reservations(v_reservation.org_id, array[p_reservation_id], 'admin_manual_delete', app.uid());
    perform app.emit('reservations.deleted', array[p_reservation_id::text], members.reservation_tags());
    return app.remember(
        'members_delete_reservation', v_request,
        jsonb_build_object(
            'reservation_id', p_reservation_id, 'is_archived', v_reservation.status = 'approved', 'restored_records', v_flagged
        )
    );
end
$$;

comment on function api.members_delete_reservation(bigint) is
    'Returns {reservation_id, is_archived, restored_records}: records of others that were flagged because of it. A pending one is gone without a trace in the archive. Raises PT403, PT404 reservation.not_found (spec: member §5.6; cases 43, 53, 57).';
revoke all on function api.members_delete_reservation(bigint) from public;
grant execute on function api.members_delete_reservation(bigint) to authenticated;
