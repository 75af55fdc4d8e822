-- Gives a person a log-in, or a new password, without the old one: for `pgcrm users` and the demo.

create or replace function app.set_password(p_user_id uuid, p_password_hash text, p_must_change boolean default false) returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.credentials (user_id, org_id, email, password_hash, password_changed_at, must_change)
    select p.user_id, p.org_id, p.email, p_password_hash, app.now(), p_must_change
    from app.profiles p
    where p.user_id = p_user_id
    on conflict (user_id) do nothing;

    if not found then
        update app.credentials c set
            password_hash = p_password_hash,
            password_version = c.password_version + 1,
            password_changed_at = app.now(),
            must_change = p_must_change
        where c.user_id = p_user_id;
        if not found then
            perform app.fail('PT404', 'user.not_found', 'There is no such person.', p_user_id::text);
        end if;
        perform app.auth_logout_all(p_user_id, null, 'password_changed');
        -- Whoever is given a new password is let in with it, locked or not.
        delete from app.login_attempts a
        using app.credentials c
        where c.user_id = p_user_id and a.kind = 'account' and a.key_hash = sha256(convert_to(c.email_key, 'UTF8'));
    end if;
    perform app.auth_event(p_user_id, 'password_set', null, null);
end
$$;

comment on function app.set_password(uuid, text, boolean) is
    'Stores p_password_hash (argon2id) for a person, making the log-in where there is none, and ends their sessions. p_must_change: the next log-in has to bring a new one. Raises PT404 user.not_found; a second person with that e-mail: 23505 credentials_email_key. For the owner and administrators only.';
revoke all on function app.set_password(uuid, text, boolean) from public;
