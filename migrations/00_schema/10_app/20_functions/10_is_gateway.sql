-- Whether this connection may say on whose behalf it acts.

create or replace function app.is_gateway() returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- session_user, never current_user: `set role` must not make anybody a gateway.
    return pg_has_role(session_user, 'pgcrm_gateway', 'member')
        or pg_has_role(session_user, 'authenticator', 'member');
end
$$;

comment on function app.is_gateway() is
    'True for log-ins that speak for others (BFF, PostgREST, superusers). Only then are settings and claims believed (pitfall P3, design §4).';
revoke all on function app.is_gateway() from public;
