-- Approves a pending reservation: from now on nobody is handed the customer.

create or replace function members.approve_reservation(p_org_id uuid, p_reservation_id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform members.lock_reservations(p_org_id, true);
    update members.reservations r
    set status = 'approved', approved_by = app.uid(), approved_at = app.now()
    where r.org_id = p_org_id and r.reservation_id = p_reservation_id and r.status = 'pending';
    if not found then
        perform app.fail('PT409', 'reservation.not_pending', 'This reservation is not pending.', p_reservation_id::text);
    end if;
end
$$;

comment on function members.approve_reservation(uuid, bigint) is
    'Waits for whoever hands out records. Raises PT409 reservation.not_pending (spec: member §5.6, case 40).';
revoke all on function members.approve_reservation(uuid, bigint) from public;
