-- Working hours and targets of the organisation.

create or replace function api.desk_get_sla() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('sla_targets', 'select');
    return jsonb_build_object(
        'calendars',
        (
            select coalesce(
                jsonb_agg(jsonb_build_object('calendar_id', k.calendar_id, 'name', k.name, 'hours', k.hours) order by k.name), '[]'
            )
            from api.calendars k
        ),
        'targets',
        (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'ticket_type', s.ticket_type, 'calendar_id', s.calendar_id,
                        'first_response_minutes', s.first_response_minutes, 'resolution_minutes', s.resolution_minutes
                    )
                    order by s.ticket_type
                ),
                '[]'
            )
            from api.sla_targets s
        )
    );
end
$$;

comment on function api.desk_get_sla() is
    'Returns {calendars: [{calendar_id, name, hours}], targets: [{ticket_type, calendar_id, first_response_minutes, resolution_minutes}]}. Raises PT401, PT403.';
revoke all on function api.desk_get_sla() from public;
grant execute on function api.desk_get_sla() to authenticated;
