-- A staff asks for a number of random records of a normal database.

create or replace function api.members_request_records(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: requests are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_wanted jsonb;
    v_count integer;
    v_database members.databases;
    v_skipped bigint;
    v_picked bigint[];
    v_request_id bigint;
    v_maximum integer;
    v_answer jsonb;
begin
    perform app.require('download_requests', 'insert');
    v_wanted := app.read_payload(
        'requests', payload,
        '{
            "database_id": {"kind": "id", "required": true},
            "record_count": {"kind": "integer", "required": true, "minimum": 1, "maximum": 10000}
        }'
    );
    v_answer := app.replay('members_request_records', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_count := (v_wanted ->> 'record_count')::integer;
    perform members.lock_reservations(v_org_id, false);
    v_database := members.take_database('normal', (v_wanted ->> 'database_id')::bigint);
    perform members.remember_reserved(v_org_id, v_database.database_id);
    select c.excluded_count + members.count_pending_reserved(v_org_id, v_database.database_id)
    into v_skipped
    from members.counts_of(array[v_database.database_id]) c;
    begin
        -- As in members_assign_random: pass by what others hold, and give back what is not enough.
        v_picked := members.pick_from_anywhere(v_org_id, v_database.database_id, v_count);
        if cardinality(v_picked) < v_count then
            raise exception using errcode = 'PGC01', message = 'too few';
        end if;
        v_request_id := members.make_request(v_database, v_picked, v_skipped);
    exception
        when sqlstate 'PGC01' then
            perform members.lock_last_records(v_org_id, array[v_database.database_id], true);
            v_picked := members.pick_range(v_org_id, v_database.database_id, 0, 2147483647, v_count, false);
            if cardinality(v_picked) = 0 then
                perform app.fail(
                    'PT409', 'records.none_eligible', 'No record of this database is available.', format('%s are reserved', v_skipped)
                );
            elsif cardinality(v_picked) < v_count then
                perform app.fail(
                    'PT409', 'records.too_few_eligible',
                    format('Only %s records of this database are available.', cardinality(v_picked)),
                    format('%s available, %s reserved', cardinality(v_picked), v_skipped)
                );
            end if;
            v_request_id := members.make_request(v_database, v_picked, v_skipped);
    end;

    -- The organisation's switch is the master; a database may say no (BF-8).
    v_maximum := app.setting('normal_auto_approve_maximum')::integer;
    if app.setting('normal_auto_approve')::boolean and coalesce(v_database.auto_approve, true)
        and (v_maximum = 0 or v_count <= v_maximum)
    then
        perform members.approve_request(v_org_id, v_request_id, true);
    else
        perform app.notify(
            members.admins_of(app.uid()), 'new_download_request', format('%s records were requested', v_count),
            'members.download_requests', v_request_id::text, jsonb_build_object('database_id', v_database.database_id)
        );
    end if;
    perform app.emit(
        'download_requests.created', array[v_request_id::text], array['download_requests', 'databases', 'records', 'batches', 'notifications']
    );
    return app.remember('members_request_records', payload, members.request_as_json(v_request_id));
end
$$;

comment on function api.members_request_records(jsonb) is
    'payload {database_id, record_count 1–10000}. Returns the row of api.download_requests: pending, or approved where that is switched on. All or nothing. Raises PT403, PT404 database.not_found, PT409 records.none_eligible, records.too_few_eligible with how many are available and reserved, PT422 (spec: member §5.2, cases 19, 22–25, 27).';
revoke all on function api.members_request_records(jsonb) from public;
grant execute on function api.members_request_records(jsonb) to authenticated;
