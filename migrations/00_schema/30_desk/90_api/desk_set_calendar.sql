-- Makes working hours, or changes those of the same name.

create or replace function api.desk_set_calendar(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer jsonb;
    v_hours jsonb;
    v_calendar desk.calendars;
begin
    perform app.require('calendars', 'update');
    v_answer := app.replay('desk_set_calendar', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    v_hours := desk.read_calendar(payload);
    -- Whoever computes a due time by the old hours has committed, or waits for the new ones.
    perform pg_advisory_xact_lock(hashtextextended('desk.calendars|' || app.org_id(), 0));
    insert into desk.calendars as k (org_id, name, hours, created_by)
    values (app.org_id(), btrim(payload ->> 'name'), v_hours, app.uid())
    on conflict (org_id, name) do update set hours = excluded.hours
    where k.hours is distinct from excluded.hours;
    select k.* into v_calendar
    from desk.calendars k
    where k.org_id = app.org_id() and k.name = btrim(payload ->> 'name');

    -- Open tickets are due at other times now; there may be many.
    perform app.enqueue_job(v_calendar.org_id, 'desk.refresh_calendar', v_calendar.calendar_id);
    perform app.emit('calendars.updated', array[v_calendar.calendar_id::text], array['calendars', 'tickets']);
    return app.remember(
        'desk_set_calendar', payload,
        jsonb_build_object('calendar_id', v_calendar.calendar_id, 'name', v_calendar.name, 'hours', v_calendar.hours)
    );
end
$$;

comment on function api.desk_set_calendar(jsonb) is
    'payload {name, time_zone, periods: [{weekday 1 = Monday, opens, closes}], holidays?: [day]}. Returns {calendar_id, name, hours}. Due times of open tickets follow within moments. Raises PT401, PT403, PT422 (decisions §4).';
revoke all on function api.desk_set_calendar(jsonb) from public;
grant execute on function api.desk_set_calendar(jsonb) to authenticated;
