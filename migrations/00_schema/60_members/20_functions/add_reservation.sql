-- Reserves a customer for a staff, pending or approved at once.

create or replace function members.add_reservation(
    p_org_id uuid,
    p_product_id bigint,
    p_customer_id text,
    p_staff_id uuid,
    p_phone_number text,
    p_is_approved boolean
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_reservation_id bigint;
begin
    perform members.lock_reservations(p_org_id, true);
    perform members.check_customer_free(p_org_id, p_product_id, array[p_customer_id]);

    insert into members.reservations (
        org_id, product_id, customer_id, phone_number, staff_id, status, created_by, approved_by, approved_at
    )
    values (
        p_org_id, p_product_id, btrim(p_customer_id), p_phone_number, p_staff_id,
        case when p_is_approved then 'approved' else 'pending' end, app.uid(),
        case when p_is_approved then app.uid() end, case when p_is_approved then app.now() end
    )
    returning reservation_id into v_reservation_id;
    return v_reservation_id;
end
$$;

comment on function members.add_reservation(uuid, bigint, text, uuid, text, boolean) is
    'Returns reservation_id; what follows from an approved one is done by the triggers of the table. Waits for whoever hands out records. Raises PT409 reservation.duplicate naming the owner (spec: member §5.6; case 38, BF-9).';
revoke all on function members.add_reservation(uuid, bigint, text, uuid, text, boolean) from public;
