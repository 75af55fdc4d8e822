-- Takes a reservation back from the archive.

create or replace function api.members_restore_reservation(p_deleted_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('deleted_id', p_deleted_id);
    v_deleted members.deleted_reservations;
    v_id bigint;
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_answer := app.replay('members_restore_reservation', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_deleted := members.take_deleted(p_deleted_id);
    -- Somebody who has left cannot own a customer.
    perform members.take_reserver(v_deleted.staff_id);
    perform members.check_customer_free(v_deleted.org_id, v_deleted.product_id, array[v_deleted.customer_id, v_deleted.customer_name]);

    insert into members.reservations (
        org_id, product_id, customer_id, customer_name, phone_number, staff_id, status, created_by, created_at, approved_by,
        approved_at, is_permanent, last_deposit_on, restored_on
    )
    values (
        v_deleted.org_id, v_deleted.product_id, v_deleted.customer_id, v_deleted.customer_name, v_deleted.phone_number,
        v_deleted.staff_id, 'approved', v_deleted.created_by, v_deleted.created_at, app.uid(), app.now(), v_deleted.is_permanent,
        v_deleted.last_deposit_on, app.today()
    )
    returning reservation_id into v_id;
    perform app.notify(
        array[v_deleted.staff_id], 'reserved_approved', format('Your reservation of %s was restored', v_deleted.customer_id),
        'members.reservations', v_id::text
    );
    perform app.emit('reservations.restored', array[v_id::text], members.reservation_tags());
    return app.remember('members_restore_reservation', v_request, members.reservation_answer(v_id));
end
$$;

comment on function api.members_restore_reservation(bigint) is
    'A new reservation_id, approved, with a grace of its own from today; the entry leaves the archive. Returns members.reservation_answer. Raises PT403, PT404 reservation.not_found, staff.not_found, PT409 reservation.duplicate (spec: member §5.6 restore, case 53).';
revoke all on function api.members_restore_reservation(bigint) from public;
grant execute on function api.members_restore_reservation(bigint) to authenticated;
