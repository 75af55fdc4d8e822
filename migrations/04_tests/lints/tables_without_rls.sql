-- Lint: a table that shows all its rows to whoever has a grant.

create or replace function tests.lint_tables_without_rls() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text, 'row level security is off'
    from pg_class c
    join tests.v_our_schemas s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and not c.relrowsecurity
$$;

comment on function tests.lint_tables_without_rls() is 'Tables of our schemas where row level security is off.';
revoke all on function tests.lint_tables_without_rls() from public;
