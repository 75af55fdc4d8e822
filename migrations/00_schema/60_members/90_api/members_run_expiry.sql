-- Runs the expiry of reservations now instead of tonight.

create or replace function api.members_run_expiry() returns jsonb
language plpgsql
security definer -- the matrix says rpc: reservations are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('reservations', 'manage');
    if not app.can('reservations', 'manage', 'all') then
        perform app.fail('PT403', 'permission.denied', 'Your role may not do this.', 'manage on reservations of others'' teams');
    end if;
    return members.expire_reservations(app.org_id(), 1000);
end
$$;

comment on function api.members_run_expiry() is
    'Does at most 1000; call again while both numbers together are 1000. Returns {members_removed, warnings_sent}. Repeating it changes nothing. Raises PT403 (spec: member §5.6 expiry job).';
revoke all on function api.members_run_expiry() from public;
grant execute on function api.members_run_expiry() to authenticated;
