-- Takes records back: they can be handed out again, and nothing of their assignment is left on them.

create or replace function api.members_recall(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are taken back by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_reach uuid[];
    v_wanted jsonb;
    v_ids bigint[];
    v_recalled bigint[];
    v_staff uuid[];
    v_closed bigint[];
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    v_reach := members.reach_of('assign');
    perform members.check_module(p_module);
    v_wanted := app.read_payload(
        'records', payload, '{"record_ids": {"kind": "ids", "required": true, "minimum": 1, "maximum": 1000}}'
    );
    v_answer := app.replay('members_recall', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_ids := array(select i::bigint from jsonb_array_elements_text(v_wanted -> 'record_ids') i);
    perform members.lock_reservations(v_org_id, false);

    select
        coalesce(array_agg(r.record_id), '{}'),
        coalesce(array_agg(distinct r.assigned_to), '{}')
    into v_recalled, v_staff
    from (
        select r.record_id, r.assigned_to
        from members.records r
        where r.org_id = v_org_id and r.record_id = any (v_ids) and r.module = p_module and r.status = 'assigned'
          and (v_reach is null or r.assigned_to = any (v_reach))
        order by r.record_id
        for no key update
    ) r;
    if cardinality(v_recalled) = 0 then
        perform app.fail('PT404', 'records.not_found', 'None of these records is assigned.');
    end if;

    v_closed := members.take_back_records(v_org_id, v_recalled);
    perform members.alert_invalid(v_org_id, p_module, s.staff_id) from unnest(v_staff) as s (staff_id);
    perform app.notify(v_staff, 'records.recalled', 'Records were taken back', 'members.records', null);
    perform app.emit('records.recalled', array(select s::text from unnest(v_staff) s), array['records', 'batches', 'databases']);
    return app.remember(
        'members_recall',
        v_request,
        jsonb_build_object('recalled_count', cardinality(v_recalled), 'closed_batch_ids', to_jsonb(v_closed))
    );
end
$$;

comment on function api.members_recall(text, jsonb) is
    'payload {record_ids: 1–1000 ids}; records that are not assigned, or to nobody of the caller''s team, are ignored. Returns {recalled_count, closed_batch_ids}. Raises PT403, PT404 records.not_found, PT422 (spec: member §5.10 recall, LD-15).';
revoke all on function api.members_recall(text, jsonb) from public;
grant execute on function api.members_recall(text, jsonb) to authenticated;
