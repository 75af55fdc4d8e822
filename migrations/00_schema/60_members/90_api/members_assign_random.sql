-- Hands a number of random records of a database to a staff.

create or replace function api.members_assign_random(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are handed out by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_wanted jsonb;
    v_quantity integer;
    v_database members.databases;
    v_staff app.profiles;
    v_batch_id bigint;
    v_picked bigint[];
    v_counts record;
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    perform members.check_card_module(p_module);
    v_wanted := app.read_payload(
        'records', payload,
        '{
            "database_id": {"kind": "id", "required": true},
            "staff_id": {"kind": "uuid", "required": true},
            "quantity": {"kind": "integer", "required": true, "minimum": 1, "maximum": 10000},
            "batch_id": {"kind": "id"}
        }'
    );
    v_answer := app.replay('members_assign_random', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_quantity := (v_wanted ->> 'quantity')::integer;
    perform members.lock_reservations(v_org_id, false);
    v_staff := members.take_staff('assign', (v_wanted ->> 'staff_id')::uuid);
    v_database := members.take_database(p_module, (v_wanted ->> 'database_id')::bigint);
    v_batch_id := members.new_batch(v_database, v_staff.user_id, (v_wanted ->> 'batch_id')::bigint, v_quantity);
    begin
        -- Records that others hold at this moment are passed by: nobody waits for anybody.
        v_picked := members.pick_from_anywhere(v_org_id, v_database.database_id, v_quantity);
        if cardinality(v_picked) < v_quantity then
            -- Gives them back: two who hold some and wait for each other's would never end.
            raise exception using errcode = 'PGC01', message = 'too few';
        end if;
        -- Within the same subtransaction that has locked them, else every one of them gets a MultiXact.
        perform members.hand_out(v_org_id, v_staff.user_id, app.uid(), v_picked, array_fill(v_batch_id, array[v_quantity]));
    exception
        when sqlstate 'PGC01' then
            -- There seem to be too few. Wait for whoever holds some, one after the other, so that the answer is exact.
            perform members.lock_last_records(v_org_id, array[v_database.database_id], true);
            v_picked := members.pick_range(v_org_id, v_database.database_id, 0, 2147483647, v_quantity, false);
            if cardinality(v_picked) = 0 then
                perform app.fail('PT409', 'records.none_eligible', 'No record of this database is eligible.');
            elsif cardinality(v_picked) < v_quantity then
                perform app.fail(
                    'PT409', 'records.too_few_eligible',
                    format('Only %s records of this database are eligible.', cardinality(v_picked)), cardinality(v_picked)::text
                );
            end if;
            perform members.hand_out(v_org_id, v_staff.user_id, app.uid(), v_picked, array_fill(v_batch_id, array[v_quantity]));
    end;
    perform members.remember_reserved(v_org_id, v_database.database_id);

    perform app.notify(
        array[v_staff.user_id], 'records.assigned', format('You were given %s records', v_quantity),
        'members.batches', v_batch_id::text
    );
    perform app.emit('records.assigned', array[v_staff.user_id::text], array['records', 'batches', 'databases']);

    select * into v_counts from members.counts_of(array[v_database.database_id]);
    return app.remember(
        'members_assign_random',
        v_request,
        jsonb_build_object(
            'database_id', v_database.database_id,
            'database_name', v_database.name,
            'staff_id', v_staff.user_id,
            'batch_id', v_batch_id,
            'assigned_count', v_quantity,
            'total_reserved_in_db', v_counts.excluded_count,
            'remaining_eligible', v_counts.available_count
        )
    );
end
$$;

comment on function api.members_assign_random(text, jsonb) is
    'p_module: member_wd or bonanza; payload {database_id, staff_id, quantity 1–10000, batch_id?}. Returns {database_id, database_name, staff_id, batch_id, assigned_count, total_reserved_in_db, remaining_eligible}. All or nothing. Raises PT403, PT404 database.not_found, staff.not_found, batch.not_found, PT409 records.none_eligible, records.too_few_eligible with how many are, PT422 (spec: member §5.10, cases 81, 82, 85).';
revoke all on function api.members_assign_random(text, jsonb) from public;
grant execute on function api.members_assign_random(text, jsonb) to authenticated;
