-- The address a request came from, null when it is unknown or no address.

create or replace function app.request_address() returns inet
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.request_context('ip')::inet;
exception
    -- A proxy may hand on anything; a mutation must not fail for it.
    when invalid_text_representation then return null;
end
$$;

comment on function app.request_address() is 'Client address (inet) as the gateway reported it.';
revoke all on function app.request_address() from public;
