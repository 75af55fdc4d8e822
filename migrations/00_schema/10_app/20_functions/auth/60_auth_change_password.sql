-- Changes a password after the old one was proven.

create or replace function app.auth_change_password(
    p_user_id uuid,
    p_session_id uuid,
    p_password_version integer,
    p_new_password_hash text,
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
        perform app.auth_replace_password(p_user_id, p_new_password_hash, p_context);
        perform app.auth_logout_all(p_user_id, p_user_id, 'password_changed', p_session_id, p_context);
    end if;
    return jsonb_build_object('verdict', v_verdict);
end
$$;

comment on function app.auth_change_password(uuid, uuid, integer, text, bigint, bytea, jsonb) is
    'Replaces the password and ends every session but p_session_id. Returns {verdict} as app.auth_prove does.';
revoke all on function app.auth_change_password(uuid, uuid, integer, text, bigint, bytea, jsonb) from public;
grant execute on function app.auth_change_password(uuid, uuid, integer, text, bigint, bytea, jsonb) to pgcrm_gateway, pgcrm_bff;
