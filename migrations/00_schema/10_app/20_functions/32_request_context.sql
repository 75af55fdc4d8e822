-- What the gateway said about the request itself (key, id, address, agent): never who is asking.

create or replace function app.request_context(p_name text) returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.is_gateway() then
        return null;
    end if;
    return nullif(current_setting('pgcrm.context', true), '')::jsonb ->> p_name;
end
$$;

comment on function app.request_context(text) is
    'idempotency_key, request_id, ip or user_agent of the request, null where the session is no gateway or said nothing (decisions §5.11).';
revoke all on function app.request_context(text) from public;
