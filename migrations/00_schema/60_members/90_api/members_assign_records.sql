-- Hands chosen records to a staff; reserved ones are left out and named.

create or replace function api.members_assign_records(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are handed out by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_wanted jsonb;
    v_ids bigint[];
    v_staff app.profiles;
    v_blocked jsonb;
    v_free bigint[];
    v_batch_ids bigint[];
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    perform members.check_card_module(p_module);
    v_wanted := app.read_payload(
        'records', payload,
        '{
            "record_ids": {"kind": "ids", "required": true, "minimum": 1, "maximum": 1000},
            "staff_id": {"kind": "uuid", "required": true}
        }'
    );
    v_answer := app.replay('members_assign_records', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_ids := array(select distinct i::bigint from jsonb_array_elements_text(v_wanted -> 'record_ids') i);
    v_staff := members.take_staff('assign', (v_wanted ->> 'staff_id')::uuid);
    perform members.lock_reservations(v_org_id, false);
    perform members.lock_last_records(
        v_org_id,
        array(select r.database_id from members.records r where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module),
        false
    );

    -- Those that are somebody's already, or archived, are no longer to be had: ignored, as if they had not been named.
    perform
    from members.records r
    join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id and d.deleted_at is null
    where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module and r.status = 'available'
    order by r.record_id
    for no key update of r
    for key share of d;

    select
        coalesce(
            jsonb_agg(
                jsonb_build_object('record_id', r.record_id, 'customer_id', r.customer_id, 'reserved_by', c.staff_id)
                order by r.record_id
            ) filter (where c.staff_id is not null),
            '[]'
        ),
        coalesce(array_agg(r.record_id order by r.record_id) filter (where c.staff_id is null), '{}')
    into v_blocked, v_free
    from members.records r
    join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id and d.deleted_at is null
    left join lateral (
        select o.staff_id
        from unnest(r.match_keys) as m (key)
        join members.reservation_keys k on k.org_id = v_org_id and k.key = m.key and k.is_approved
        join members.reservations o on o.org_id = k.org_id and o.reservation_id = k.reservation_id
        order by o.reservation_id
        limit 1
    ) c on true
    where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module and r.status = 'available';

    if cardinality(v_free) = 0 then
        perform app.fail(
            'PT409', 'records.none_eligible', 'None of these records is eligible.',
            format('%s of them are reserved', jsonb_array_length(v_blocked))
        );
    end if;

    with chosen as (
        select r.database_id, array_agg(r.record_id order by r.record_id) as record_ids
        from members.records r
        where r.org_id = v_org_id and r.record_id = any (v_free)
        group by r.database_id
    ),
    batch as materialized (
        select c.record_ids, members.new_batch(d, v_staff.user_id, null, cardinality(c.record_ids)) as batch_id
        from chosen c
        join members.databases d on d.org_id = v_org_id and d.database_id = c.database_id
        order by c.database_id
    )
    select array_agg(i.record_id), array_agg(b.batch_id)
    into v_free, v_batch_ids
    from batch b
    cross join lateral unnest(b.record_ids) as i (record_id);

    perform members.hand_out(v_org_id, v_staff.user_id, app.uid(), v_free, v_batch_ids);
    perform app.notify(
        array[v_staff.user_id], 'records.assigned', format('You were given %s records', cardinality(v_free)),
        'members.batches', v_batch_ids[1]::text
    );
    perform app.emit('records.assigned', array[v_staff.user_id::text], array['records', 'batches', 'databases']);

    return app.remember(
        'members_assign_records',
        v_request,
        jsonb_build_object(
            'staff_id', v_staff.user_id,
            'assigned_count', cardinality(v_free),
            'batch_ids', to_jsonb(array(select distinct b from unnest(v_batch_ids) b where b is not null order by b)),
            'blocked_records', v_blocked
        )
    );
end
$$;

comment on function api.members_assign_records(text, jsonb) is
    'payload {record_ids: 1–1000 ids, staff_id}. One batch per database. Returns {staff_id, assigned_count, batch_ids, blocked_records: [{record_id, customer_id, reserved_by}]}; records that are not available are ignored. Raises PT403, PT404 staff.not_found, PT409 records.none_eligible, PT422 (spec: member §5.10 manual assignment, BF-25, LD-12).';
revoke all on function api.members_assign_records(text, jsonb) from public;
grant execute on function api.members_assign_records(text, jsonb) to authenticated;
