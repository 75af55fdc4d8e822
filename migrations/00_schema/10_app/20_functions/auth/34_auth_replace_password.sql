-- Puts a new password in the place of the old one.

create or replace function app.auth_replace_password(p_user_id uuid, p_password_hash text, p_context jsonb) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update app.credentials c set
        password_hash = p_password_hash,
        password_version = c.password_version + 1,
        password_changed_at = app.now(),
        must_change = false
    where c.user_id = p_user_id;
    perform app.auth_event(p_user_id, 'password_changed', p_user_id, p_context);
end
$$;

comment on function app.auth_replace_password(uuid, text, jsonb) is
    'Stores p_password_hash (argon2id) as a new version, so that attempts under way with the old password no longer count.';
revoke all on function app.auth_replace_password(uuid, text, jsonb) from public;
