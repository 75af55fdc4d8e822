-- Rejects a request: its records can be picked again.

create or replace function api.members_reject_request(p_request_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: requests are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_status text;
    v_answer jsonb;
begin
    perform app.require('records', 'assign');
    v_answer := app.replay('members_reject_request', to_jsonb(p_request_id));
    if v_answer is not null then
        return v_answer;
    end if;
    v_status := members.decide_requests(array[p_request_id], false) ->> p_request_id::text;
    if v_status is null then
        perform app.fail('PT404', 'request.not_found', 'There is no such request.', p_request_id::text);
    elsif v_status <> 'pending' then
        perform app.fail('PT409', 'request.not_pending', 'This request was decided before.', v_status);
    end if;
    return app.remember('members_reject_request', to_jsonb(p_request_id), members.request_as_json(p_request_id));
end
$$;

comment on function api.members_reject_request(bigint) is
    'Returns the row of api.download_requests. Raises PT403, PT404 request.not_found, PT409 request.not_pending (spec: member §5.2, case 21).';
revoke all on function api.members_reject_request(bigint) from public;
grant execute on function api.members_reject_request(bigint) to authenticated;
