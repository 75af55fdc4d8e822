-- Deletes archived records for good.

create or replace function api.members_delete_archived(p_module text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_request jsonb := jsonb_build_object('module', p_module, 'payload', payload);
    v_wanted jsonb;
    v_deleted bigint[];
    v_answer jsonb;
begin
    perform app.require('records', 'delete');
    v_wanted := members.archived_wanted(p_module, payload);
    v_answer := app.replay('members_delete_archived', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    v_deleted := members.take_archived(p_module, v_wanted, 'delete');
    perform members.delete_records(v_org_id, v_deleted);
    perform app.emit('records.deleted', array[p_module], array['records', 'databases']);
    return app.remember(
        'members_delete_archived', v_request, jsonb_build_object('deleted_count', cardinality(v_deleted))
    );
end
$$;

comment on function api.members_delete_archived(text, jsonb) is
    'payload {record_ids: 1–1000 ids}; only while archived. Returns {deleted_count}. Raises PT403, PT404 records.not_found, PT422 (spec: member §5.10, case 98).';
revoke all on function api.members_delete_archived(text, jsonb) from public;
grant execute on function api.members_delete_archived(text, jsonb) to authenticated;
