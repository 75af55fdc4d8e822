-- Reserves many customers for one staff; who is reserved already is skipped, with the owner's name.

create or replace function api.members_reserve_many(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are inserted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_names text[];
    v_product_id bigint;
    v_staff app.profiles;
    v_skipped jsonb;
    v_ids bigint[];
    v_answer jsonb;
begin
    perform app.require('reservations', 'manage');
    v_wanted := app.read_payload(
        'reservation', payload - 'customer_ids',
        '{"product_id": {"kind": "id", "required": true}, "staff_id": {"kind": "uuid", "required": true}}'
    );
    v_names := members.wanted_customers(payload -> 'customer_ids');
    v_answer := app.replay('members_reserve_many', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.count_bulk_call();
    v_product_id := (v_wanted ->> 'product_id')::bigint;
    perform members.check_product(v_product_id);
    v_staff := members.take_reserver((v_wanted ->> 'staff_id')::uuid);
    perform members.lock_reservations(v_org_id, true);

    select coalesce(
        jsonb_agg(
            jsonb_build_object('customer_id', n.name, 'reserved_by', r.staff_id, 'reserved_by_name', u.full_name)
            order by n.position
        ),
        '[]'
    )
    into v_skipped
    from unnest(v_names) with ordinality as n (name, position)
    join members.reservation_keys k on k.org_id = v_org_id and k.product_id = v_product_id and k.key = members.match_key(n.name)
    join members.reservations r on r.org_id = k.org_id and r.reservation_id = k.reservation_id
    join app.profiles u on u.org_id = r.org_id and u.user_id = r.staff_id;

    with made as (
        insert into members.reservations (
            org_id, product_id, customer_id, staff_id, status, created_by, approved_by, approved_at
        )
        select v_org_id, v_product_id, n.name, v_staff.user_id, 'approved', app.uid(), app.uid(), app.now()
        from unnest(v_names) with ordinality as n (name, position)
        where not exists (select from jsonb_array_elements(v_skipped) s where s ->> 'customer_id' = n.name)
        order by n.position
        returning reservation_id
    )
    select coalesce(array_agg(m.reservation_id order by m.reservation_id), '{}') into v_ids from made m;

    if cardinality(v_ids) > 0 then
        perform app.notify(
            array[v_staff.user_id], 'reserved_approved', format('%s customers were reserved for you', cardinality(v_ids)),
            'members.reservations', v_ids[1]::text
        );
        perform app.emit('reservations.approved', array(select i::text from unnest(v_ids) i), members.reservation_tags());
    end if;
    return app.remember(
        'members_reserve_many',
        payload,
        (
            select jsonb_build_object(
                'added', coalesce(
                    jsonb_agg(
                        jsonb_build_object('reservation_id', r.reservation_id, 'customer_id', r.customer_id) order by r.reservation_id
                    ),
                    '[]'
                ),
                'added_count', count(*)
            )
            from members.reservations r
            where r.org_id = v_org_id and r.reservation_id = any (v_ids)
        )
        || jsonb_build_object('skipped', v_skipped, 'skipped_count', jsonb_array_length(v_skipped))
        || (
            select jsonb_build_object('invalidated_records', count(distinct c.record_id), 'notified_staff_count', count(distinct c.affected_staff_id))
            from members.conflicts c
            where c.org_id = v_org_id and c.reservation_id = any (v_ids) and c.restored_at is null
        )
    );
end
$$;

comment on function api.members_reserve_many(jsonb) is
    'payload {customer_ids: 1 to bulk_limit texts, product_id, staff_id}; blanks and repetitions are dropped. Returns {added: [{reservation_id, customer_id}], added_count, skipped: [{customer_id, reserved_by, reserved_by_name}], skipped_count, invalidated_records, notified_staff_count}. Raises PT403, PT404, PT422, PT429 bulk.too_many (spec: member §5.6 bulk add, case 56).';
revoke all on function api.members_reserve_many(jsonb) from public;
grant execute on function api.members_reserve_many(jsonb) to authenticated;
