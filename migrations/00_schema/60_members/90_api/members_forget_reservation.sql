-- Removes a reservation from the archive for good.

create or replace function api.members_forget_reservation(p_deleted_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: the archive is changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('deleted_id', p_deleted_id);
    v_deleted members.deleted_reservations;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_answer := app.replay('members_forget_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_deleted := members.take_deleted(p_deleted_id);
    delete from members.deleted_reservations d where d.org_id = v_deleted.org_id and d.deleted_id = p_deleted_id;
    perform app.emit('reservations.forgotten', array[p_deleted_id::text], array['deleted_reservations']);
    return app.remember('members_forget_reservation', v_request, v_request);
end
$$;

comment on function api.members_forget_reservation(bigint) is
    'Returns {deleted_id}. Raises PT403, PT404 reservation.not_found (spec: member §7: archived -> removed).';
revoke all on function api.members_forget_reservation(bigint) from public;
grant execute on function api.members_forget_reservation(bigint) to authenticated;
