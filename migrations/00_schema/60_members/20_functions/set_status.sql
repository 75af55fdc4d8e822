-- Sets one of the two statuses of one member.

create or replace function members.set_status(p_field text, p_record_id bigint, p_payload jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_operation text := 'members_set_' || p_field;
    v_request jsonb := jsonb_build_object('record_id', p_record_id, 'payload', p_payload);
    v_wanted jsonb;
    v_answer jsonb;
begin
    v_wanted := members.read_statuses(p_payload, jsonb_build_object(p_field, '{"kind": "text", "maximum": 20}'::jsonb));
    v_answer := app.replay(v_operation, v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform members.write_statuses(array[p_record_id], v_wanted);
    return app.remember(
        v_operation,
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

comment on function members.set_status(text, bigint, jsonb) is
    'p_field: whatsapp_status or respond_status; p_payload {that field: value or null}. Returns {record_id, whatsapp_status, whatsapp_status_updated_at, respond_status, respond_status_updated_at}. Raises PT404 records.not_found, PT422. For functions that have asked for the permission (spec: member §5.3, case 29).';
revoke all on function members.set_status(text, bigint, jsonb) from public;
