-- Second half of a log-in that succeeded: opens a session.

create or replace function app.auth_succeed(
    p_user_id uuid,
    p_password_version integer,
    p_family_hash bytea,
    p_token_hash bytea,
    p_lifetime_seconds integer,
    p_totp_step bigint default null,
    p_recovery_hash bytea default null,
    p_rehash text default null,
    p_new_password_hash text default null,
    p_context jsonb default '{}'
) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict text;
    v_session_id uuid;
begin
    -- Before the proof: it would use up the code that has to come again with the new password.
    if p_new_password_hash is null and (select c.must_change from app.credentials c where c.user_id = p_user_id) then
        return jsonb_build_object('verdict', 'must_change');
    end if;

    v_verdict := app.auth_prove(p_user_id, p_password_version, p_totp_step, p_recovery_hash, p_context);
    if v_verdict <> 'ok' then
        return jsonb_build_object('verdict', v_verdict);
    end if;

    if p_new_password_hash is not null then
        perform app.auth_replace_password(p_user_id, p_new_password_hash, p_context);
        perform app.auth_logout_all(p_user_id, p_user_id, 'password_changed', null, p_context);
    elsif p_rehash is not null then
        update app.credentials c set password_hash = p_rehash where c.user_id = p_user_id;
    end if;

    delete from app.sessions s
    where s.user_id = p_user_id and coalesce(s.revoked_at, s.expires_at) < app.now() - (app.auth_limits()).keep_ended;

    insert into app.sessions (org_id, user_id, family_hash, token_hash, rotated_at, created_at, expires_at, ip_address, user_agent)
    select
        c.org_id, c.user_id, p_family_hash, p_token_hash, app.now(), app.now(),
        app.now() + make_interval(secs => p_lifetime_seconds), p_context ->> 'ip', p_context ->> 'user_agent'
    from app.credentials c
    where c.user_id = p_user_id
    returning session_id into v_session_id;

    perform app.note_activity(p_user_id, 'login');
    perform app.auth_event(p_user_id, 'login', p_user_id, p_context, jsonb_build_object('session_id', v_session_id));
    return jsonb_build_object('verdict', 'ok', 'user_id', p_user_id, 'session_id', v_session_id);
end
$$;

comment on function app.auth_succeed(uuid, integer, bytea, bytea, integer, bigint, bytea, text, text, jsonb) is
    'Opens a session of p_lifetime_seconds for a person whose password the BFF has compared (first arguments: app.auth_prove). p_family_hash, p_token_hash: SHA-256 of the refresh token''s halves; p_rehash: the same password under today''s argon2 parameters; p_new_password_hash: a new password, which ends other sessions. Returns {verdict: ok, user_id, session_id}, {verdict: must_change} or app.auth_prove''s refusal.';
revoke all on function app.auth_succeed(uuid, integer, bytea, bytea, integer, bigint, bytea, text, text, jsonb) from public;
grant execute on function app.auth_succeed(uuid, integer, bytea, bytea, integer, bigint, bytea, text, text, jsonb)
    to pgcrm_gateway, pgcrm_bff;
