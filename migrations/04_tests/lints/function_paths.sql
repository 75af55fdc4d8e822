-- Lint: a function that looks for names where others can put them.

create or replace function tests.lint_function_paths() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, 'search_path is not pg_catalog, pg_temp'
    from tests.v_our_functions f
    where not coalesce('search_path=pg_catalog, pg_temp' = any (f.proconfig), false)
$$;

comment on function tests.lint_function_paths() is 'Functions with another search_path than pg_catalog, pg_temp.';
revoke all on function tests.lint_function_paths() from public;
