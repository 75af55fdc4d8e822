-- Forgets who has entered.

create or replace function tests.forget() returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
        set_config('role', 'none', true),
        set_config('request.jwt.claims', '', true);
    perform set_config('pgcrm.' || s.name, '', true)
    from unnest(array[
        'uid', 'org_id', 'role_key', 'dept_code', 'team_ids', 'permissions', 'context', 'replayed', 'import_id'
    ]) as s (name);
end
$$;

comment on function tests.forget() is 'Back to the log-in''s own role, with no identity and no context of a request.';
revoke all on function tests.forget() from public;
