-- The organisation of whoever is asking.

create or replace function app.org_id() returns uuid
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.identity_value('org_id')::uuid;
end
$$;

comment on function app.org_id() is 'Organisation of the caller, null when nobody is known: then every policy shows no row.';
revoke all on function app.org_id() from public;
grant execute on function app.org_id() to authenticated, analyst;
