-- A staff names its own batch of a normal database.

create or replace function api.members_title_request_batch(p_batch_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: batches are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_batch record;
begin
    perform app.require('batches', 'rename');
    v_wanted := app.read_payload('batch', payload, '{"custom_title": {"kind": "text", "maximum": 100}}');
    select * into v_batch from members.take_request_batch(p_batch_id);
    if v_batch.batch_id is null then
        insert into members.batch_titles as t (org_id, user_id, database_id, custom_title)
        values (app.org_id(), app.uid(), v_batch.database_id, v_wanted ->> 'custom_title')
        on conflict on constraint batch_titles_pkey do update set custom_title = excluded.custom_title;
    else
        update members.batches b
        set custom_name = v_wanted ->> 'custom_title'
        where b.org_id = app.org_id() and b.batch_id = v_batch.batch_id;
    end if;
    perform app.emit('batches.changed', array[app.uid()::text], array['batches']);
    return jsonb_build_object('id', p_batch_id, 'custom_title', v_wanted ->> 'custom_title');
end
$$;

comment on function api.members_title_request_batch(text, jsonb) is
    'p_batch_id: as in api.members_request_batches; payload {custom_title: up to 100 characters, null or blank = none}. Returns {id, custom_title}. Raises PT403, PT404 batch.not_found, PT422 (spec: member §5.4, case 33).';
revoke all on function api.members_title_request_batch(text, jsonb) from public;
grant execute on function api.members_title_request_batch(text, jsonb) to authenticated;
