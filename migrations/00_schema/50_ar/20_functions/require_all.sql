-- Refuses whoever may not do this for the whole organisation.

create or replace function ar.require_all(p_resource text, p_action text) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require(p_resource, p_action);
    -- Scopes that need a look at the row come with a function app.may_… and a policy; until then nobody has any.
    if not app.can(p_resource, p_action, 'all') then
        perform app.fail('PT403', 'permission.denied', 'Your role may not do this.', format('%s on %s', p_action, p_resource));
    end if;
end
$$;

comment on function ar.require_all(text, text) is
    'As app.require, and scope `all` it must be: for functions that write without asking whose the row is. Raises PT401, PT403 (decisions §5.7).';
revoke all on function ar.require_all(text, text) from public;
