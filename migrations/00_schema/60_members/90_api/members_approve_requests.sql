-- Approves many requests at once, each with its own records.

create or replace function api.members_approve_requests(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: requests are written by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('records', 'assign');
    return members.decide_many_requests('members_approve_requests', payload, true);
end
$$;

comment on function api.members_approve_requests(jsonb) is
    'payload {request_ids: 1 to bulk_limit ids}. Returns {approved: ids, skipped: [{request_id, status}] of those that were decided before or are not there (status null)}. Raises PT403, PT404 request.not_found when none is there, database.not_found, staff.not_found, PT422, PT429 bulk.too_many (spec: member §5.25, case 26, LD-29).';
revoke all on function api.members_approve_requests(jsonb) from public;
grant execute on function api.members_approve_requests(jsonb) to authenticated;
