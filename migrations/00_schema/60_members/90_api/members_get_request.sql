-- One request with the ids of its records.

create or replace function api.members_get_request(p_request_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb;
begin
    perform app.require('download_requests', 'select');
    v_request := members.request_as_json(p_request_id);
    if v_request is null then
        perform app.fail('PT404', 'request.not_found', 'There is no such request.', p_request_id::text);
    end if;
    return v_request || jsonb_build_object(
        'record_ids', (select to_jsonb(q.record_ids) from members.download_requests q where q.org_id = app.org_id() and q.request_id = p_request_id)
    );
end
$$;

comment on function api.members_get_request(bigint) is
    'Returns the row of api.download_requests with record_ids. Raises PT401, PT403, PT404 request.not_found (spec: member §5.2).';
revoke all on function api.members_get_request(bigint) from public;
grant execute on function api.members_get_request(bigint) to authenticated;
