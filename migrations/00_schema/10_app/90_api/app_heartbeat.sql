-- Says that the caller is here, and what time it is where the organisation is.

create or replace function api.app_heartbeat() returns jsonb
language plpgsql
volatile
security definer -- app.user_activity is written by functions alone
set search_path = pg_catalog, pg_temp
as $$
begin
    if app.uid() is null then
        perform app.fail('PT401', 'auth.required', 'Nobody is logged in.');
    end if;
    perform app.note_activity(app.uid(), 'heartbeat');
    return jsonb_build_object(
        'user_id', app.uid(), 'last_active_at', app.now(), 'today', app.today(), 'time_zone', app.setting('time_zone')
    );
end
$$;

comment on function api.app_heartbeat() is
    'Moves the caller''s last activity and nobody else''s. Returns {user_id, last_active_at, today: the organisation''s date, time_zone}. Needs no key: again is a later time. Raises PT401 (spec: member §2, case 9, BF-2, BF-39).';
revoke all on function api.app_heartbeat() from public;
grant execute on function api.app_heartbeat() to authenticated;
