-- Makes new recovery codes for somebody who has a second factor.

create or replace function app.auth_recovery_codes(
    p_user_id uuid,
    p_password_version integer,
    p_code_hashes bytea[],
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
        if not exists (select from app.credentials c where c.user_id = p_user_id and c.totp_confirmed_at is not null) then
            return jsonb_build_object('verdict', 'not_enrolled');
        end if;
        perform app.auth_replace_recovery_codes(p_user_id, p_code_hashes);
        perform app.auth_event(p_user_id, 'recovery_codes_made', p_user_id, p_context);
    end if;
    return jsonb_build_object('verdict', v_verdict);
end
$$;

comment on function app.auth_recovery_codes(uuid, integer, bytea[], bigint, bytea, jsonb) is
    'Replaces the recovery codes by those with these hashes, once both factors were proven. Returns {verdict: ok | not_enrolled} or app.auth_prove''s refusal.';
revoke all on function app.auth_recovery_codes(uuid, integer, bytea[], bigint, bytea, jsonb) from public;
grant execute on function app.auth_recovery_codes(uuid, integer, bytea[], bigint, bytea, jsonb) to pgcrm_gateway, pgcrm_bff;
