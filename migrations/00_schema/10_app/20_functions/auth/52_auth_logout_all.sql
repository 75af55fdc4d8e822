-- Ends a person's sessions, all or all but one.

create or replace function app.auth_logout_all(
    p_user_id uuid,
    p_ended_by uuid,
    p_reason text default 'logout_all',
    p_except_session_id uuid default null,
    p_context jsonb default null
) returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended integer;
begin
    -- One after the other for each person, and never between a log-in's proof and its session.
    perform from app.credentials c where c.user_id = p_user_id for no key update;

    update app.sessions s set revoked_at = app.now(), revoked_reason = p_reason
    where s.user_id = p_user_id and s.revoked_at is null and s.session_id is distinct from p_except_session_id;
    get diagnostics v_ended = row_count;

    if v_ended > 0 then
        -- With nothing left the person is gone; other devices that are logged out leave one here.
        if p_except_session_id is null and p_reason <> 'password_changed' then
            perform app.note_activity(p_user_id, 'logout');
        end if;
        perform app.auth_event(
            p_user_id, 'sessions_ended', p_ended_by, p_context, jsonb_build_object('count', v_ended, 'reason', p_reason)
        );
    end if;
    return v_ended;
end
$$;

comment on function app.auth_logout_all(uuid, uuid, text, uuid, jsonb) is
    'Ends every live session of p_user_id but p_except_session_id on behalf of p_ended_by (null: the system), for p_reason (logout_all, password_changed, deactivated); returns how many. Refresh tokens die at once.';
revoke all on function app.auth_logout_all(uuid, uuid, text, uuid, jsonb) from public;
grant execute on function app.auth_logout_all(uuid, uuid, text, uuid, jsonb) to pgcrm_gateway, pgcrm_bff;
