-- Lint: a privilege on a table that lets somebody past the functions and policies.

create or replace function tests.lint_table_rights() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text, format('grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from pg_class c
    join tests.v_our_schemas s on s.oid = c.relnamespace
    cross join lateral aclexplode(c.relacl) a
    left join pg_roles r on r.oid = a.grantee
    where c.relkind in ('r', 'p', 'S')
      and a.grantee <> c.relowner
      and not (
          c.relkind <> 'S'
          and a.privilege_type = 'SELECT'
          and not a.is_grantable
          and coalesce(r.rolname, 'public') in ('authenticated', 'analyst')
      )
    union all
    select
        format('%s.%s', c.oid::regclass, t.attname),
        format('grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from pg_class c
    join tests.v_our_schemas s on s.oid = c.relnamespace
    join pg_attribute t on t.attrelid = c.oid
    cross join lateral aclexplode(t.attacl) a
    left join pg_roles r on r.oid = a.grantee
    where a.grantee <> c.relowner
      and not (a.privilege_type = 'UPDATE' and not a.is_grantable and r.rolname = 'authenticated')
$$;

comment on function tests.lint_table_rights() is 'Privileges on tables and sequences beyond: select for authenticated and analyst, update of named columns for authenticated (decisions §5.8).';
revoke all on function tests.lint_table_rights() from public;
