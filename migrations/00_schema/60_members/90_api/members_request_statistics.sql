-- How many requests and records, by status and lately.

create or replace function api.members_request_statistics() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_today date := app.today();
    v_zone text := app.setting('time_zone') #>> '{}';
begin
    perform app.require('download_requests', 'select');
    return (
        select jsonb_object_agg(g.name, jsonb_build_object('requests', g.requests, 'records', g.records))
        from (
            select n.name, count(q.request_id) as requests, coalesce(sum(q.record_count), 0) as records
            from unnest(
                array['pending', 'approved', 'rejected', 'total', 'today', 'last_7_days', 'last_30_days'], array[null, null, null, null, 0, 6, 29]
            ) as n (name, days)
            left join api.download_requests q
                on n.name in ('total', q.status) or q.requested_at >= (v_today - n.days)::timestamp at time zone v_zone
            group by n.name
        ) g
    );
end
$$;

comment on function api.members_request_statistics() is
    'Returns {pending, approved, rejected, total, records, today, last_7_days, last_30_days}, each {requests, records}, of the requests that the caller may see; days are cut in the organisation''s time zone, the current one included. Raises PT401, PT403 (spec: member §5.2 request stats).';
revoke all on function api.members_request_statistics() from public;
grant execute on function api.members_request_statistics() to authenticated;
