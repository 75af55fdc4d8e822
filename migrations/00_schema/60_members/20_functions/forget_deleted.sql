-- Removes from the archive what is reserved again.

create or replace function members.forget_deleted(p_org_id uuid, p_reservation_ids bigint[]) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    delete from members.deleted_reservations a
    using members.reservations r
    where r.org_id = p_org_id and r.reservation_id = any (p_reservation_ids)
      and a.org_id = r.org_id and a.product_id = r.product_id and a.staff_id = r.staff_id
      and a.customer_key = any (members.match_keys(array[r.customer_id, r.customer_name]))
$$;

comment on function members.forget_deleted(uuid, bigint[]) is
    'The entry of the same customer, product and staff; those of other staff and products stay (spec: member §5.6, LD-6).';
revoke all on function members.forget_deleted(uuid, bigint[]) from public;
