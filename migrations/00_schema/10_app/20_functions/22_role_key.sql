-- The role of whoever is asking; for display, never for a rule.

create or replace function app.role_key() returns text
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.identity_value('role_key');
end
$$;

comment on function app.role_key() is 'Role of the caller. Rules ask app.can() instead (design §4).';
revoke all on function app.role_key() from public;
grant execute on function app.role_key() to authenticated, analyst;
