-- Makes archived records available again.

create or replace function api.members_restore(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records change their state by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_wanted jsonb;
    v_restored bigint[];
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    v_wanted := members.archived_wanted(p_module, payload);
    v_answer := app.replay('members_restore', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform members.lock_reservations(v_org_id, false);
    v_restored := members.take_archived(p_module, v_wanted, 'assign');
    perform members.release_records(v_org_id, v_restored);
    perform app.emit('records.restored', array[p_module], array['records', 'databases']);
    return app.remember(
        'members_restore', v_request, jsonb_build_object('restored_count', cardinality(v_restored))
    );
end
$$;

comment on function api.members_restore(text, jsonb) is
    'payload {record_ids: 1–1000 ids}; ids that are not archived are ignored. Returns {restored_count}. Raises PT403, PT404 records.not_found, PT422 (spec: member §5.10, case 98, LD-15).';
revoke all on function api.members_restore(text, jsonb) from public;
grant execute on function api.members_restore(text, jsonb) to authenticated;
