-- Puts a new set of recovery codes in the place of the old one.

create or replace function app.auth_replace_recovery_codes(p_user_id uuid, p_code_hashes bytea[]) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    delete from app.recovery_codes r where r.user_id = p_user_id;
    insert into app.recovery_codes (user_id, code_hash) select p_user_id, unnest(p_code_hashes);
$$;

comment on function app.auth_replace_recovery_codes(uuid, bytea[]) is 'p_code_hashes: SHA-256 of each code. The old ones are void.';
revoke all on function app.auth_replace_recovery_codes(uuid, bytea[]) from public;
