-- How many reservations wait for a decision: the badge.

create or replace function api.members_pending_reservations() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('reservations', 'select');
    return jsonb_build_object('pending_count', (select count(*) from api.reservations r where r.status = 'pending'));
end
$$;

comment on function api.members_pending_reservations() is
    'Returns {pending_count}: of those that the caller sees. Raises PT401, PT403 (spec: member §5.6, §5.22).';
revoke all on function api.members_pending_reservations() from public;
grant execute on function api.members_pending_reservations() to authenticated;
