-- How long reservations live, for those who manage them.

create or replace function api.members_get_reservation_config() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('reservation_grace', 'select');
    return members.reservation_config();
end
$$;

comment on function api.members_get_reservation_config() is 'Returns members.reservation_config. Raises PT401, PT403 (spec: member §4, §5.6).';
revoke all on function api.members_get_reservation_config() from public;
grant execute on function api.members_get_reservation_config() to authenticated;
