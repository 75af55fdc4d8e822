-- Replaces a refresh token by its successor and notices when an old one comes back.

create or replace function app.auth_refresh(
    p_family_hash bytea,
    p_old_hash bytea,
    p_new_hash bytea,
    p_salt bytea,
    p_context jsonb default '{}'
) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_session app.sessions;
    v_reason text;
begin
    select s.* into v_session from app.sessions s where s.family_hash = p_family_hash for no key update;
    if not found then
        return jsonb_build_object('verdict', 'unknown');
    elsif v_session.revoked_at is not null
        or v_session.expires_at <= app.now()
        or v_session.rotated_at + (app.auth_limits()).idle_time <= app.now()
    then
        return jsonb_build_object('verdict', 'ended');
    end if;

    if not exists (select from app.identity_of(v_session.user_id)) then
        v_reason := 'deactivated';
    elsif p_old_hash = v_session.token_hash then
        update app.sessions s set
            token_hash = p_new_hash, previous_hash = p_old_hash, rotation_salt = p_salt, rotated_at = app.now()
        where s.session_id = v_session.session_id;
        v_session.rotation_salt := p_salt;
    elsif p_old_hash = v_session.previous_hash and v_session.rotated_at + (app.auth_limits()).refresh_grace > app.now() then
        -- Two tabs, a double click, an answer that got lost: everybody gets the same successor.
        null;
    else
        v_reason := 'reuse';
    end if;

    if v_reason is not null then
        update app.sessions s set revoked_at = app.now(), revoked_reason = v_reason where s.session_id = v_session.session_id;
        perform app.auth_event(
            v_session.user_id, case v_reason when 'reuse' then 'token_reused' else 'session_ended' end, null, p_context,
            jsonb_build_object('session_id', v_session.session_id, 'reason', v_reason)
        );
        return jsonb_build_object('verdict', case v_reason when 'reuse' then 'reused' else 'ended' end);
    end if;

    return jsonb_build_object(
        'verdict', 'ok',
        'user_id', v_session.user_id,
        'session_id', v_session.session_id,
        'salt', encode(v_session.rotation_salt, 'hex')
    );
end
$$;

comment on function app.auth_refresh(bytea, bytea, bytea, bytea, jsonb) is
    'Rotates a refresh token. p_family_hash, p_old_hash: SHA-256 of its halves; p_new_hash: of the successor that the BFF derives from the old token and p_salt. Returns {verdict: ok, user_id, session_id, salt (hex: the salt that counts; within the grace of app.auth_limits that of the rotation before)}, or {verdict: unknown | ended | reused}: a token replaced earlier than the grace ends the whole family, because one of its two holders stole it.';
revoke all on function app.auth_refresh(bytea, bytea, bytea, bytea, jsonb) from public;
grant execute on function app.auth_refresh(bytea, bytea, bytea, bytea, jsonb) to pgcrm_gateway, pgcrm_bff;
