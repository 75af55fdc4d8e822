-- Refuses a customer who is reserved for the product already.

create or replace function members.check_customer_free(p_org_id uuid, p_product_id bigint, p_names text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_owner text;
begin
    select u.full_name
    into v_owner
    from members.reservation_keys k
    join members.reservations r on r.org_id = k.org_id and r.reservation_id = k.reservation_id
    join app.profiles u on u.org_id = r.org_id and u.user_id = r.staff_id
    where k.org_id = p_org_id and k.product_id = p_product_id and k.key = any (members.match_keys(p_names))
    order by r.reservation_id
    limit 1;
    if found then
        perform app.fail(
            'PT409', 'reservation.duplicate', format('%s is reserved by %s already.', btrim(p_names[1]), v_owner), v_owner
        );
    end if;
end
$$;

comment on function members.check_customer_free(uuid, bigint, text[]) is
    'p_names: the customer''s id, then an older name or null; callers hold members.lock_reservations alone. Raises PT409 reservation.duplicate naming the owner of a pending or approved one, by either name and in any case of letters (spec: member §5.6; cases 38, 39, BF-9).';
revoke all on function members.check_customer_free(uuid, bigint, text[]) from public;
