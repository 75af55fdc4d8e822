-- A staff pins its own batch of a normal database, or lets it go.

create or replace function api.members_pin_request_batch(p_batch_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: batches are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_batch record;
begin
    perform app.require('batches', 'rename');
    v_wanted := app.read_payload('batch', payload, '{"is_pinned": {"kind": "boolean", "required": true}}');
    select * into v_batch from members.take_request_batch(p_batch_id);
    if v_batch.batch_id is null then
        insert into members.batch_titles as t (org_id, user_id, database_id, is_pinned)
        values (app.org_id(), app.uid(), v_batch.database_id, (v_wanted ->> 'is_pinned')::boolean)
        on conflict on constraint batch_titles_pkey do update set is_pinned = excluded.is_pinned;
    else
        update members.batches b
        set is_pinned = (v_wanted ->> 'is_pinned')::boolean
        where b.org_id = app.org_id() and b.batch_id = v_batch.batch_id;
    end if;
    perform app.emit('batches.changed', array[app.uid()::text], array['batches']);
    return jsonb_build_object('id', p_batch_id, 'is_pinned', (v_wanted ->> 'is_pinned')::boolean);
end
$$;

comment on function api.members_pin_request_batch(text, jsonb) is
    'p_batch_id: as in api.members_request_batches; payload {is_pinned: true or false}. Returns {id, is_pinned}. Raises PT403, PT404 batch.not_found, PT422 (spec: member §5.4, case 33).';
revoke all on function api.members_pin_request_batch(text, jsonb) from public;
grant execute on function api.members_pin_request_batch(text, jsonb) to authenticated;
