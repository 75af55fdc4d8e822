-- A log-in follows its person: the e-mail is the profile's, and who is deactivated has no session left.

create or replace function app.credentials_follow_profile() returns trigger
language plpgsql
volatile
security definer -- whoever may change a profile has no privilege on log-ins
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.email is distinct from old.email then
        update app.credentials c set email = new.email where c.user_id = new.user_id;
    end if;
    if old.is_active and not new.is_active then
        perform app.auth_logout_all(new.user_id, app.uid(), 'deactivated');
        -- The log-in of an analyst is nobody's from here on; `pgcrm analysts add` gives another.
        delete from app.db_logins l where l.user_id = new.user_id;
    end if;
    return null;
end
$$;

comment on function app.credentials_follow_profile() is
    'Carries a changed e-mail to app.credentials (23505 credentials_email_key when somebody else logs in with it) and ends the sessions and Postgres log-ins of a person who is deactivated, so that activation later does not revive them.';
revoke all on function app.credentials_follow_profile() from public;

create or replace trigger profiles_update_credentials
    after update of email, is_active on app.profiles
    for each row execute function app.credentials_follow_profile();
