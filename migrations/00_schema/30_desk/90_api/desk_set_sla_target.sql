-- Sets by when tickets of a type are to be answered and resolved.

create or replace function api.desk_set_sla_target(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer jsonb;
    v_wanted jsonb;
    v_target desk.sla_targets;
begin
    perform app.require('sla_targets', 'update');
    v_answer := app.replay('desk_set_sla_target', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    v_wanted := app.read_payload(
        'sla_target', payload,
        '{
            "ticket_type": {"kind": "text", "required": true, "maximum": 100},
            "calendar_id": {"kind": "id"},
            "first_response_minutes": {"kind": "integer", "minimum": 1, "maximum": 525600},
            "resolution_minutes": {"kind": "integer", "minimum": 1, "maximum": 525600}
        }'
    );
    if not exists (select from desk.ticket_types t where t.ticket_type = v_wanted ->> 'ticket_type') then
        perform app.fail('PT404', 'sla_target.ticket_type.unknown', 'There is no such type of ticket.');
    elsif v_wanted ? 'calendar_id' and not exists (
        select from desk.calendars k where k.org_id = app.org_id() and k.calendar_id = (v_wanted ->> 'calendar_id')::bigint
    ) then
        perform app.fail('PT404', 'calendar.not_found', 'There is no such calendar.', v_wanted ->> 'calendar_id');
    end if;
    insert into desk.sla_targets as s (org_id, ticket_type, calendar_id, first_response_minutes, resolution_minutes, created_by)
    values (
        app.org_id(), v_wanted ->> 'ticket_type', (v_wanted ->> 'calendar_id')::bigint,
        (v_wanted ->> 'first_response_minutes')::integer, (v_wanted ->> 'resolution_minutes')::integer, app.uid()
    )
    on conflict (org_id, ticket_type) do update
    set calendar_id = excluded.calendar_id,
        first_response_minutes = excluded.first_response_minutes,
        resolution_minutes = excluded.resolution_minutes
    returning s.* into v_target;
    perform app.emit('sla_targets.updated', array[v_target.ticket_type], array['sla_targets']);
    return app.remember(
        'desk_set_sla_target', payload,
        jsonb_build_object(
            'ticket_type', v_target.ticket_type, 'calendar_id', v_target.calendar_id,
            'first_response_minutes', v_target.first_response_minutes, 'resolution_minutes', v_target.resolution_minutes
        )
    );
end
$$;

comment on function api.desk_set_sla_target(jsonb) is
    'payload {ticket_type, calendar_id? (none: the clock never stops), first_response_minutes?, resolution_minutes? (none: no target)}; counts for tickets opened from now on. Returns the same. Raises PT401, PT403, PT404, PT422 (decisions §4).';
revoke all on function api.desk_set_sla_target(jsonb) from public;
grant execute on function api.desk_set_sla_target(jsonb) to authenticated;
