-- Ends the enrolment of an authenticator app: from now on log-in asks for its codes.

create or replace function app.auth_totp_confirm(
    p_user_id uuid,
    p_password_version integer,
    p_secret text,
    p_totp_step bigint,
    p_code_hashes bytea[],
    p_context jsonb default '{}'
) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict text := app.auth_prove(p_user_id, p_password_version, p_totp_step, null, p_context);
begin
    if v_verdict <> 'ok' then
        return jsonb_build_object('verdict', v_verdict);
    end if;

    -- The secret that the code was compared with; another enrolment may have replaced it meanwhile.
    update app.credentials c set totp_confirmed_at = app.now(), totp_last_step = p_totp_step
    where c.user_id = p_user_id and c.totp_confirmed_at is null and c.totp_secret = p_secret;
    if not found then
        return jsonb_build_object('verdict', 'not_enrolled');
    end if;

    perform app.auth_replace_recovery_codes(p_user_id, p_code_hashes);
    perform app.auth_event(p_user_id, 'totp_enabled', p_user_id, p_context);
    return jsonb_build_object('verdict', 'ok');
end
$$;

comment on function app.auth_totp_confirm(uuid, integer, text, bigint, bytea[], jsonb) is
    'Confirms p_secret after its code of p_totp_step matched and stores the hashes of the recovery codes. Returns {verdict: ok | not_enrolled} or app.auth_prove''s refusal.';
revoke all on function app.auth_totp_confirm(uuid, integer, text, bigint, bytea[], jsonb) from public;
grant execute on function app.auth_totp_confirm(uuid, integer, text, bigint, bytea[], jsonb) to pgcrm_gateway, pgcrm_bff;
