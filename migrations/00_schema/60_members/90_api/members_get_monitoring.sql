-- When the data are checked by the clock.

create or replace function api.members_get_monitoring() returns jsonb
language plpgsql
stable
security definer -- app.setting_of has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('data_sync', 'select');
    return members.monitoring_config(app.org_id());
end
$$;

comment on function api.members_get_monitoring() is 'Returns members.monitoring_config. Raises PT401, PT403 (spec: member §5.23).';
revoke all on function api.members_get_monitoring() from public;
grant execute on function api.members_get_monitoring() to authenticated;
