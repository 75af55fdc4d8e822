-- The person who is asking.

create or replace function app.uid() returns uuid
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.identity_value('uid')::uuid;
end
$$;

comment on function app.uid() is 'User id of the caller, null when nobody is known (spec: command_center §1.3).';
revoke all on function app.uid() from public;
grant execute on function app.uid() to authenticated, analyst;
