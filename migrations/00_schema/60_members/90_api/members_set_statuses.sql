-- Marks many members at once.

create or replace function api.members_set_statuses(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are marked by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wanted jsonb;
    v_ids bigint[];
    v_marked bigint[];
    v_answer jsonb;
begin
    perform app.require('records', 'mark');
    v_wanted := members.read_statuses(
        payload,
        jsonb_build_object(
            'record_ids',
            jsonb_build_object('kind', 'ids', 'required', true, 'minimum', 1, 'maximum', app.setting('bulk_limit')),
            'whatsapp_status', '{"kind": "text", "maximum": 20}'::jsonb,
            'respond_status', '{"kind": "text", "maximum": 20}'::jsonb
        )
    );
    v_answer := app.replay('members_set_statuses', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.count_bulk_call();
    v_ids := array(select distinct i::bigint from jsonb_array_elements_text(v_wanted -> 'record_ids') i);
    v_marked := members.write_statuses(v_ids, v_wanted);
    return app.remember(
        'members_set_statuses',
        payload,
        jsonb_build_object(
            'updated_count', cardinality(v_marked),
            'skipped', to_jsonb(array(select i from unnest(v_ids) i where i <> all (v_marked) order by i))
        )
    );
end
$$;

comment on function api.members_set_statuses(jsonb) is
    'payload {record_ids: 1 to bulk_limit ids, whatsapp_status?, respond_status?}: at least one of the two, null clears. Returns {updated_count, skipped: ids that are not the caller''s to mark}. Raises PT403, PT404 records.not_found, PT422, PT429 bulk.too_many (spec: member §5.3, §5.25, LD-5).';
revoke all on function api.members_set_statuses(jsonb) from public;
grant execute on function api.members_set_statuses(jsonb) to authenticated;
