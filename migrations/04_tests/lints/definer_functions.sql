-- Lint: a function that lends the owner's rights without a reason on record.

create or replace function tests.lint_definer_functions() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, 'is security definer and not on tests.v_definer_functions'
    from tests.v_our_functions f
    where f.prosecdef
      and not exists (select from tests.v_definer_functions e where e.object = f.name)
$$;

comment on function tests.lint_definer_functions() is 'Security definer functions that are not on tests.v_definer_functions.';
revoke all on function tests.lint_definer_functions() from public;
