-- Being an analyst: a Postgres log-in of one's own, tied to a person.

create or replace function tests.become_analyst(p_email text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Log-ins belong to the cluster: the name tells this database's from others'.
    v_login text := 'tests_analyst_' || (select d.oid from pg_database d where d.datname = current_database());
begin
    perform tests.forget();
    if not exists (select from pg_roles r where r.rolname = v_login) then
        execute format('create role %I login in role analyst', v_login);
    end if;
    insert into app.db_logins (login, user_id, kind)
    select v_login, p.user_id, 'analyst'
    from app.profiles p
    where p.email = p_email
    on conflict (login) do update set user_id = excluded.user_id;
    perform set_config('session_authorization', v_login, true);
end
$$;

comment on function tests.become_analyst(text) is
    'Until the transaction ends, which must be rolled back: the session of an analyst''s log-in tied to the person with this e-mail. For superusers. `reset session authorization` comes before being somebody else.';
revoke all on function tests.become_analyst(text) from public;
