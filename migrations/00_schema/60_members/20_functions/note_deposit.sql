-- Tells reservations of a deposit: whoever enters an approved one calls this, in the same transaction.

create or replace function members.note_deposit(
    p_org_id uuid,
    p_product_id bigint,
    p_staff_id uuid,
    p_customer_id text,
    p_deposited_on date
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := members.match_key(p_customer_id);
    v_archived members.deleted_reservations;
    v_id bigint;
begin
    select r.reservation_id
    into v_id
    from members.reservation_keys k
    join members.reservations r on r.org_id = k.org_id and r.reservation_id = k.reservation_id
    where k.org_id = p_org_id and k.product_id = p_product_id and k.key = v_key and k.is_approved and r.staff_id = p_staff_id;
    if found then
        -- The newest counts, in whichever order deposits are entered (LD-7).
        update members.reservations r
        set last_deposit_on = p_deposited_on
        where r.org_id = p_org_id and r.reservation_id = v_id and (r.last_deposit_on is null or r.last_deposit_on < p_deposited_on);
        return null;
    end if;

    if not exists (
        select
        from members.deleted_reservations d
        where d.org_id = p_org_id and d.product_id = p_product_id and d.staff_id = p_staff_id
          and v_key in (d.customer_key, members.match_key(d.customer_name))
    ) then
        return null;
    end if;
    -- It was this staff's: it comes back, unless the customer is somebody's by now.
    perform members.lock_reservations(p_org_id, true);
    select d.*
    into v_archived
    from members.deleted_reservations d
    where d.org_id = p_org_id and d.product_id = p_product_id and d.staff_id = p_staff_id
      and v_key in (d.customer_key, members.match_key(d.customer_name))
      and not exists (
          select
          from members.reservation_keys k
          where k.org_id = d.org_id and k.product_id = d.product_id
            and k.key = any (members.match_keys(array[d.customer_id, d.customer_name]))
      )
    order by d.deleted_id
    limit 1;
    if not found then
        return null;
    end if;

    insert into members.reservations (
        org_id, product_id, customer_id, customer_name, phone_number, staff_id, status, created_at, approved_at, last_deposit_on,
        auto_reassigned_at
    )
    values (
        p_org_id, p_product_id, v_archived.customer_id, v_archived.customer_name, v_archived.phone_number, p_staff_id, 'approved',
        app.now(), app.now(), p_deposited_on, app.now()
    )
    returning reservation_id into v_id;
    perform members.tell(
        p_org_id,
        jsonb_build_array(
            jsonb_build_object(
                'user_id', p_staff_id, 'topic', 'reservation_auto_restored',
                'title', format('%s deposited again and is reserved for you', v_archived.customer_id),
                'entity_table', 'members.reservations', 'entity_id', v_id, 'data', jsonb_build_object('product_id', p_product_id)
            )
        )
    );
    perform app.emit_for(p_org_id, 'reservations.restored', array[v_id::text], members.reservation_tags());
    return v_id;
end
$$;

comment on function members.note_deposit(uuid, bigint, uuid, text, date) is
    'For an approved deposit of p_customer_id (an id or an older name) with p_staff_id. Advances the last deposit date of the staff''s own reservation; where the staff''s reservation is in the archive and nobody has the customer, it comes back, approved by the system. Returns the reservation_id that came back, else null (spec: member §5.6; cases 49, 52, BF-13, LD-7).';
revoke all on function members.note_deposit(uuid, bigint, uuid, text, date) from public;
