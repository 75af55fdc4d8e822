-- What every success starts with: the password proven is still the password, and the second factor counts once.

create or replace function app.auth_prove(
    p_user_id uuid,
    p_password_version integer,
    p_totp_step bigint,
    p_recovery_hash bytea,
    p_context jsonb
) returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_credential app.credentials;
    v_address text := p_context ->> 'ip';
begin
    select c.* into v_credential
    from app.credentials c
    where c.user_id = p_user_id
    for no key update;

    if not found
        or v_credential.password_version is distinct from p_password_version
        or not exists (select from app.identity_of(p_user_id))
    then
        return 'refused';
    end if;

    if v_credential.totp_confirmed_at is not null then
        if p_totp_step is not null then
            if p_totp_step <= v_credential.totp_last_step then
                return 'totp_refused';
            end if;
            update app.credentials c set totp_last_step = p_totp_step where c.user_id = p_user_id;
        elsif p_recovery_hash is not null then
            update app.recovery_codes r set used_at = app.now()
            where r.user_id = p_user_id and r.code_hash = p_recovery_hash and r.used_at is null;
            if not found then
                return 'recovery_code_refused';
            end if;
            perform app.auth_event(p_user_id, 'recovery_code_used', p_user_id, p_context);
        else
            return 'totp_required';
        end if;
    end if;

    -- The account starts afresh; the address only gets this attempt back (others may be guessing from there).
    update app.login_attempts a set failed_count = a.failed_count - 1
    where a.kind = 'address' and a.key_hash = sha256(convert_to(v_address, 'UTF8')) and a.failed_count > 0;
    delete from app.login_attempts a
    where a.kind = 'account' and a.key_hash = sha256(convert_to(v_credential.email_key, 'UTF8'));
    return 'ok';
end
$$;

comment on function app.auth_prove(uuid, integer, bigint, bytea, jsonb) is
    'Judges an attempt whose password the BFF has compared: p_password_version as app.auth_begin gave it, p_totp_step the step whose code matched (steps of 30 s), p_recovery_hash SHA-256 of a recovery code. Returns ok and forgives the attempt, or refused, totp_required, totp_refused, recovery_code_refused and leaves it counted.';
revoke all on function app.auth_prove(uuid, integer, bigint, bytea, jsonb) from public;
