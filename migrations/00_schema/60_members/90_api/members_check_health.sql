-- Runs the check of the data now, as the clock would.

create or replace function api.members_check_health() returns jsonb
language plpgsql
security definer -- writes the log and others' notifications
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('data_sync', 'manage');
    return members.check_health(app.org_id(), app.uid());
end
$$;

comment on function api.members_check_health() is 'Returns members.check_health. Raises PT401, PT403 (spec: member §5.23, case 152).';
revoke all on function api.members_check_health() from public;
grant execute on function api.members_check_health() to authenticated;
