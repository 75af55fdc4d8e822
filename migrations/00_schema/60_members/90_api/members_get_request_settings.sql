-- How requests are approved without anybody.

create or replace function api.members_get_request_settings() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('member_settings', 'select');
    return members.request_settings();
end
$$;

comment on function api.members_get_request_settings() is
    'Returns {enabled, max_records_per_request: null = any}. Raises PT401, PT403 (spec: member §4).';
revoke all on function api.members_get_request_settings() from public;
grant execute on function api.members_get_request_settings() to authenticated;
