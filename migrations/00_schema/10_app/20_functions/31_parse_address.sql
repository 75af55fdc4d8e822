-- A network address as a proxy hands it on, or null: never an error.

create or replace function app.parse_address(p_text text) returns inet
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_text is null then
        return null;
    end if;
    -- Nearly all are such; the block below costs a subtransaction.
    if p_text ~ '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.|$)){4}$' then
        return p_text::inet;
    end if;
    begin
        return p_text::inet;
    exception
        -- A proxy may hand on anything; a mutation must not fail for it.
        when invalid_text_representation then return null;
    end;
end
$$;

comment on function app.parse_address(text) is 'inet of p_text, null where it is none.';
revoke all on function app.parse_address(text) from public;
