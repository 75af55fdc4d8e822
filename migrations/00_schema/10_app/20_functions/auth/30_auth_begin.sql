-- First half of a log-in: counts the attempt, then hands out what the BFF compares with.

create or replace function app.auth_begin(p_email text, p_context jsonb default '{}') returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wait integer := 0;
    v_credential jsonb;
begin
    -- Lock order: address, account, credentials, sessions.
    if p_context ->> 'ip' is not null then
        v_wait := app.auth_count_attempt('address', p_context ->> 'ip');
    end if;
    if v_wait > 0 then
        return jsonb_build_object('verdict', 'throttled', 'retry_after', v_wait);
    end if;

    v_wait := app.auth_count_attempt('account', lower(btrim(p_email)));
    if v_wait > 0 then
        return jsonb_build_object('verdict', 'locked', 'retry_after', v_wait);
    end if;

    select jsonb_build_object(
        'verdict', 'ok',
        'user_id', c.user_id,
        'email', c.email,
        'password_hash', c.password_hash,
        'password_version', c.password_version,
        'totp_secret', c.totp_secret,
        'totp_confirmed', c.totp_confirmed_at is not null
    )
    into v_credential
    from app.credentials c
    where c.email_key = lower(btrim(p_email)) and exists (select from app.identity_of(c.user_id));

    return coalesce(v_credential, jsonb_build_object('verdict', 'unknown'));
end
$$;

comment on function app.auth_begin(text, jsonb) is
    'Counts a log-in attempt on p_email from p_context {"ip", "user_agent", "request_id"} and returns {verdict: ok, user_id, email, password_hash, password_version, totp_secret, totp_confirmed}, {verdict: unknown} (nobody active; the caller spends the time of a comparison all the same), or {verdict: locked | throttled, retry_after: seconds}. The attempt stays counted unless it is proven. Rule: design §5.1.';
revoke all on function app.auth_begin(text, jsonb) from public;
grant execute on function app.auth_begin(text, jsonb) to pgcrm_gateway, pgcrm_bff;
