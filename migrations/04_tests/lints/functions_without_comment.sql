-- Lint: a function that does not say what it does.

create or replace function tests.lint_functions_without_comment() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, 'has no comment'
    from tests.v_our_functions f
    where obj_description(f.oid, 'pg_proc') is null
$$;

comment on function tests.lint_functions_without_comment() is 'Functions without a comment.';
revoke all on function tests.lint_functions_without_comment() from public;
