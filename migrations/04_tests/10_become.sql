-- Being somebody: what a test, or a DBA looking into "why does she not see this", needs first. Also the essay on schema `tests`.
--
-- Schema `tests` keeps true nothing; it finds out what is not true any more:
--
--   * tests.lint() looks at the catalog of any database, one function for each rule, and returns one row for each
--     breach: (lint, object, problem). No row = the rules of design §3, §4 and §11 hold here.
--   * tests.v_… hold what is exempt from a rule, with the reason. An exemption whose object is gone is a breach itself.
--   * tests.become(…) and its kin impersonate within one transaction. Nobody is granted anything here: they are for
--     those who may enter as anybody anyway.

create or replace function tests.become(p_email text, p_context jsonb default '{}') returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id uuid;
begin
    -- Back to the log-in first, so that one person can follow another.
    perform set_config('role', 'none', true);
    select p.user_id into v_user_id from app.profiles p where p.email = p_email;
    if v_user_id is null then
        raise exception 'nobody here has the e-mail %', p_email;
    end if;
    perform app.enter(v_user_id, p_context);
    perform set_config('role', 'authenticated', true);
end
$$;

comment on function tests.become(text, jsonb) is
    'Until the transaction ends: app.enter as the person with this e-mail, then role authenticated. p_context as in app.enter. For superusers. Raises PT401 auth.unknown_user for a person who is not active.';
revoke all on function tests.become(text, jsonb) from public;
