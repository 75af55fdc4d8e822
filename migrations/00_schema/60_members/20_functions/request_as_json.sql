-- A request as its answers show it.

create or replace function members.request_as_json(p_request_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (select to_jsonb(q) - 'org_id' from api.download_requests q where q.request_id = p_request_id);
end
$$;

comment on function members.request_as_json(bigint) is 'The row of api.download_requests, null when the caller sees none.';
revoke all on function members.request_as_json(bigint) from public;
grant execute on function members.request_as_json(bigint) to authenticated;
