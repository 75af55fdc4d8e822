-- The team of whoever is asking.

create or replace function app.team_ids() returns uuid[]
language plpgsql
stable
security definer -- reads who the caller is from tables that the caller cannot read
set search_path = pg_catalog, pg_temp
as $$
begin
    return app.identity_value('team_ids')::uuid[];
end
$$;

comment on function app.team_ids() is 'User ids of the people whose manager the caller is, and the caller (spec: command_center §1.2).';
revoke all on function app.team_ids() from public;
grant execute on function app.team_ids() to authenticated, analyst;
