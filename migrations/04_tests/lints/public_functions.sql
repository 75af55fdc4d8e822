-- Lint: a function that everybody or a visitor may execute.

create or replace function tests.lint_public_functions() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.name, format('may be executed by %s', coalesce(r.rolname, 'public'))
    from tests.v_our_functions f
    cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
    left join pg_roles r on r.oid = a.grantee
    where a.privilege_type = 'EXECUTE'
      and (a.grantee = 0 or r.rolname = 'anon')
$$;

comment on function tests.lint_public_functions() is 'Functions that public or anon may execute.';
revoke all on function tests.lint_public_functions() from public;
