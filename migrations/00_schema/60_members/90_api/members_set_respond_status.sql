-- Says whether a member has answered.

create or replace function api.members_set_respond_status(p_record_id bigint, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: records are marked by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('record_id', p_record_id, 'payload', payload);
    v_wanted jsonb;
    v_answer jsonb;
begin
    perform app.require('records', 'mark');
    v_wanted := members.read_statuses(payload, '{"respond_status": {"kind": "text", "maximum": 20}}');
    v_answer := app.replay('members_set_respond_status', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform members.write_statuses(array[p_record_id], v_wanted);
    return app.remember(
        'members_set_respond_status',
        v_request,
        (
            select jsonb_build_object(
                'record_id', r.record_id,
                'whatsapp_status', r.whatsapp_status,
                'whatsapp_status_updated_at', r.whatsapp_status_updated_at,
                'respond_status', r.respond_status,
                'respond_status_updated_at', r.respond_status_updated_at
            )
            from members.records r
            where r.org_id = app.org_id() and r.record_id = p_record_id
        )
    );
end
$$;

comment on function api.members_set_respond_status(bigint, jsonb) is
    'payload {respond_status: ya, tidak or null}. Returns {record_id, whatsapp_status, whatsapp_status_updated_at, respond_status, respond_status_updated_at}. Raises PT403, PT404 records.not_found, PT422 (spec: member §5.3, case 29).';
revoke all on function api.members_set_respond_status(bigint, jsonb) from public;
grant execute on function api.members_set_respond_status(bigint, jsonb) to authenticated;
