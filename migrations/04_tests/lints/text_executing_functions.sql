-- Lint: a function that makes SQL of text, through which its arguments could become SQL.

create or replace function tests.lint_text_executing_functions() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, 'executes built text'
    from tests.v_our_functions f
    where f.lanname = 'plpgsql'
      and f.code ~* '\mexecute\M'
      and not exists (select from tests.v_text_executing_functions e where e.object = f.name)
    union all
    select f.name, format('is written in %s', f.lanname)
    from tests.v_our_functions f
    where f.lanname not in ('sql', 'plpgsql')
$$;

comment on function tests.lint_text_executing_functions() is 'PL/pgSQL functions with execute that are not on tests.v_text_executing_functions, and functions in languages that cannot be looked into.';
revoke all on function tests.lint_text_executing_functions() from public;
