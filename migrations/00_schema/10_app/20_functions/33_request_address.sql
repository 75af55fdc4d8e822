-- The address a request came from, null when it is unknown or no address.

create or replace function app.request_address() returns inet
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_address text := app.request_context('ip');
begin
    if v_address is null then
        return null;
    end if;
    -- Nearly all are such; the block below costs a subtransaction.
    if v_address ~ '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.|$)){4}$' then
        return v_address::inet;
    end if;
    begin
        return v_address::inet;
    exception
        -- A proxy may hand on anything; a mutation must not fail for it.
        when invalid_text_representation then return null;
    end;
end
$$;

comment on function app.request_address() is 'Client address (inet) as the gateway reported it.';
revoke all on function app.request_address() from public;
