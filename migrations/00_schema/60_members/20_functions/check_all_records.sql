-- Refuses whoever hands out the records of a team only.

create or replace function members.check_all_records() returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.can('records', 'assign', 'all') then
        perform app.fail('PT403', 'permission.denied', 'Your role may not do this.', 'assign on records of others'' teams');
    end if;
end
$$;

comment on function members.check_all_records() is 'Raises PT403 permission.denied. Callers have asked app.require.';
revoke all on function members.check_all_records() from public;
