-- The address a request came from, null when it is unknown or no address.

create or replace function app.request_address() returns inet
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.parse_address(app.request_context('ip'));
end
$$;

comment on function app.request_address() is 'Client address (inet) as the gateway reported it.';
revoke all on function app.request_address() from public;
