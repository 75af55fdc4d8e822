-- A staff names its own card.

create or replace function api.members_rename_batch(p_module text, p_batch_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: batches are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_batch members.batches;
begin
    perform app.require('batches', 'rename');
    perform members.check_module(p_module);
    v_wanted := app.read_payload('batch', payload, '{"custom_name": {"kind": "text", "maximum": 100}}');
    update members.batches b
    set custom_name = v_wanted ->> 'custom_name'
    where b.org_id = app.org_id() and b.batch_id = p_batch_id and b.module = p_module and b.staff_id = app.uid()
      and b.closed_at is null
    returning b.* into v_batch;
    if not found then
        perform app.fail('PT404', 'batch.not_found', 'You have no such batch.', p_batch_id::text);
    end if;
    return jsonb_build_object('batch_id', v_batch.batch_id, 'custom_name', v_batch.custom_name);
end
$$;

comment on function api.members_rename_batch(text, bigint, jsonb) is
    'payload {custom_name: up to 100 characters, null or blank = none}. Returns {batch_id, custom_name}. Raises PT403, PT404 batch.not_found, PT422 (spec: member §5.10).';
revoke all on function api.members_rename_batch(text, bigint, jsonb) from public;
grant execute on function api.members_rename_batch(text, bigint, jsonb) to authenticated;
