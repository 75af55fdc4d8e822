-- The department of whoever is asking.

create or replace function app.dept_code() returns text
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.identity_value('dept_code');
end
$$;

comment on function app.dept_code() is 'Department of the caller, for scope dept (spec: command_center §1.5).';
revoke all on function app.dept_code() from public;
grant execute on function app.dept_code() to authenticated, analyst;
