-- Ends the second factor.

create or replace function app.auth_totp_disable(
    p_user_id uuid,
    p_password_version integer,
    p_totp_step bigint default null,
    p_recovery_hash bytea default null,
    p_context jsonb default '{}'
) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_verdict text := app.auth_prove(p_user_id, p_password_version, p_totp_step, p_recovery_hash, p_context);
begin
    if v_verdict = 'ok' then
        update app.credentials c set totp_secret = null, totp_confirmed_at = null, totp_last_step = null
        where c.user_id = p_user_id;
        delete from app.recovery_codes r where r.user_id = p_user_id;
        perform app.auth_event(p_user_id, 'totp_disabled', p_user_id, p_context);
    end if;
    return jsonb_build_object('verdict', v_verdict);
end
$$;

comment on function app.auth_totp_disable(uuid, integer, bigint, bytea, jsonb) is
    'Forgets the authenticator app and its recovery codes, once both factors were proven. Returns {verdict} as app.auth_prove does.';
revoke all on function app.auth_totp_disable(uuid, integer, bigint, bytea, jsonb) from public;
grant execute on function app.auth_totp_disable(uuid, integer, bigint, bytea, jsonb) to pgcrm_gateway, pgcrm_bff;
