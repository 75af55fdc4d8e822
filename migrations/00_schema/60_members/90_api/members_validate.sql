-- A staff says of records given to it whether they are valid.

create or replace function api.members_validate(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are marked, archived and handed out by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_wanted jsonb;
    v_ids bigint[];
    v_owned bigint[];
    v_is_valid boolean;
    v_now timestamptz := app.now();
    v_details jsonb := '[]'::jsonb;
    v_replaced integer;
    v_answer jsonb;
begin
    perform app.require('records', 'validate');
    perform members.check_module(p_module);
    v_wanted := app.read_payload(
        'records', payload,
        '{
            "record_ids": {"kind": "ids", "required": true, "minimum": 1, "maximum": 1000},
            "is_valid": {"kind": "boolean", "required": true},
            "reason": {"kind": "text", "maximum": 1000}
        }'
    );
    v_answer := app.replay('members_validate', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_ids := array(select distinct i::bigint from jsonb_array_elements_text(v_wanted -> 'record_ids') i);
    v_is_valid := (v_wanted ->> 'is_valid')::boolean;
    -- Before any row: a reservation that is being approved may be about to take one of these.
    perform members.lock_reservations(v_org_id, false);

    -- One's own, and still with oneself: an archived or recalled record is nobody's any more (LD-32).
    v_owned := array(
        select r.record_id
        from members.records r
        where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module
          and r.assigned_to = app.uid() and r.status = 'assigned'
        order by r.record_id
        for no key update
    );
    if cardinality(v_owned) = 0 then
        perform app.fail('PT404', 'records.not_found', 'None of these records is yours.');
    end if;

    update members.records r
    set validation_status = case when v_is_valid then 'validated' else 'invalid' end,
        validation_reason = v_wanted ->> 'reason',
        validated_at = v_now
    where r.org_id = v_org_id and r.record_id = any (v_owned);

    if not v_is_valid and (members.replace_settings(p_module) ->> 'auto_replace_invalid')::boolean then
        v_details := members.auto_replace(v_org_id, p_module, app.uid(), v_owned);
    end if;
    v_replaced := coalesce((select sum((d ->> 'replaced_count')::integer) from jsonb_array_elements(v_details) d), 0);
    -- Also when something was taken back: the number that admins see is the one of now.
    perform members.alert_invalid(v_org_id, p_module, app.uid());
    perform app.emit('records.validated', array[app.uid()::text], array['records', 'batches', 'databases', 'notifications']);

    return app.remember(
        'members_validate',
        v_request,
        jsonb_build_object(
            'status', case when v_is_valid then 'validated' else 'invalid' end,
            'updated_count', cardinality(v_owned),
            'not_yours', to_jsonb(array(select i from unnest(v_ids) i where i <> all (v_owned) order by i)),
            'auto_replaced', v_replaced,
            'replacement_failed', case when v_details = '[]' then 0 else cardinality(v_owned) - v_replaced end,
            'replacement_message', (
                select string_agg(
                    format('%s: %s of %s replaced, %s', d ->> 'database_name', d ->> 'replaced_count', d ->> 'invalid_count', d ->> 'reason'),
                    '; '
                )
                from jsonb_array_elements(v_details) d
                where d ->> 'reason' is not null
            ),
            'details', v_details
        )
    );
end
$$;

comment on function api.members_validate(text, jsonb) is
    'payload {record_ids: 1–1000 ids, is_valid, reason?}; can be said again. Returns {status, updated_count, not_yours: ids that were ignored, auto_replaced, replacement_failed, replacement_message, details}. Raises PT403 (admins too), PT404 records.not_found when none is the caller''s, PT422 (spec: member §5.10 validate and auto-replace, cases 87–91).';
revoke all on function api.members_validate(text, jsonb) from public;
grant execute on function api.members_validate(text, jsonb) to authenticated;
