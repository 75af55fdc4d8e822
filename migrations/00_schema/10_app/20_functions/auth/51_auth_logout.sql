-- Ends the session a refresh token belongs to.

create or replace function app.auth_logout(p_family_hash bytea, p_context jsonb default '{}') returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_session app.sessions;
begin
    update app.sessions s set revoked_at = app.now(), revoked_reason = 'logout'
    where s.family_hash = p_family_hash and s.revoked_at is null
    returning s.* into v_session;
    if found then
        perform app.note_activity(v_session.user_id, 'logout');
        perform app.auth_event(
            v_session.user_id, 'session_ended', v_session.user_id, p_context,
            jsonb_build_object('session_id', v_session.session_id, 'reason', 'logout')
        );
    end if;
end
$$;

comment on function app.auth_logout(bytea, jsonb) is
    'Ends the session with this family half (SHA-256), whichever generation its token is of; does nothing when there is none. Access tokens already given out live on for their few minutes.';
revoke all on function app.auth_logout(bytea, jsonb) from public;
grant execute on function app.auth_logout(bytea, jsonb) to pgcrm_gateway, pgcrm_bff;
