-- Sets the last deposit date of a reservation anew, after deposits were changed or deleted.

create or replace function members.set_last_deposit(
    p_org_id uuid,
    p_product_id bigint,
    p_staff_id uuid,
    p_customer_id text,
    p_deposited_on date
) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update members.reservations r
    set last_deposit_on = p_deposited_on
    from members.reservation_keys k
    where k.org_id = p_org_id and k.product_id = p_product_id and k.key = members.match_key(p_customer_id) and k.is_approved
      and r.org_id = k.org_id and r.reservation_id = k.reservation_id and r.staff_id = p_staff_id
      and r.last_deposit_on is distinct from p_deposited_on
$$;

comment on function members.set_last_deposit(uuid, bigint, uuid, text, date) is
    'p_deposited_on: of the newest approved deposit that is left, null = none; may be earlier than before (spec: member §5.6, LD-7: lowered on delete).';
revoke all on function members.set_last_deposit(uuid, bigint, uuid, text, date) from public;
