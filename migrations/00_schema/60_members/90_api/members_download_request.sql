-- What downloaded a file once: records are assigned instead.

create or replace function api.members_download_request(p_request_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('download_requests', 'select');
    perform app.fail(
        'PT410', 'request.download_gone', 'Files are not downloaded any more: approved records are in one''s batches.',
        p_request_id::text
    );
    return null;
end
$$;

comment on function api.members_download_request(bigint) is
    'Raises PT410 request.download_gone, whatever is asked for; PT401, PT403 (spec: member §5.2, case 28).';
revoke all on function api.members_download_request(bigint) from public;
grant execute on function api.members_download_request(bigint) to authenticated;
