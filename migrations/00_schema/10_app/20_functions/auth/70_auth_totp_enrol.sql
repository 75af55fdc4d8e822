-- Starts the enrolment of an authenticator app.

create or replace function app.auth_totp_enrol(
    p_user_id uuid,
    p_password_version integer,
    p_secret text,
    p_context jsonb default '{}'
) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict text;
begin
    if exists (select from app.credentials c where c.user_id = p_user_id and c.totp_confirmed_at is not null) then
        return jsonb_build_object('verdict', 'enabled_already');
    end if;
    v_verdict := app.auth_prove(p_user_id, p_password_version, null, null, p_context);
    if v_verdict = 'ok' then
        update app.credentials c set totp_secret = p_secret where c.user_id = p_user_id;
    end if;
    return jsonb_build_object('verdict', v_verdict);
end
$$;

comment on function app.auth_totp_enrol(uuid, integer, text, jsonb) is
    'Keeps p_secret (base32) until app.auth_totp_confirm; log-in does not ask for it before. A second enrolment replaces the first. Returns {verdict: ok | enabled_already} or app.auth_prove''s refusal.';
revoke all on function app.auth_totp_enrol(uuid, integer, text, jsonb) from public;
grant execute on function app.auth_totp_enrol(uuid, integer, text, jsonb) to pgcrm_gateway, pgcrm_bff;
