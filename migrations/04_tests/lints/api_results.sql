-- Lint: a public function whose answer changes when a table or view does.

create or replace function tests.lint_api_results() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, format('returns %s, not jsonb or table (…)', f.prorettype::regtype)
    from tests.v_our_functions f
    where f.nspname = 'api'
      and f.prorettype <> 'jsonb'::regtype
      and not coalesce('t' = any (f.proargmodes), false)
$$;

comment on function tests.lint_api_results() is 'Functions of api that return something else than jsonb or table (…) (decisions §5.16).';
revoke all on function tests.lint_api_results() from public;
