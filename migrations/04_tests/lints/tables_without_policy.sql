-- Lint: a table that shows no row to anybody, by oversight; and an internal one that somebody may touch.

create or replace function tests.lint_tables_without_policy() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select t.name, 'has no policy and is not on tests.v_internal_tables'
    from (
        select c.oid, c.oid::regclass::text as name
        from pg_class c
        join tests.v_our_schemas s on s.oid = c.relnamespace
        where c.relkind in ('r', 'p')
    ) t
    where not exists (select from pg_policy p where p.polrelid = t.oid)
      and not exists (select from tests.v_internal_tables i where i.object = t.name)
    union all
    select i.object, format('is internal and has the policy %s', p.polname)
    from tests.v_internal_tables i
    join pg_policy p on p.polrelid = to_regclass(i.object)
    union all
    select i.object, format('is internal and grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from tests.v_internal_tables i
    join pg_class c on c.oid = to_regclass(i.object)
    cross join lateral (
        select c.relacl union all select t.attacl from pg_attribute t where t.attrelid = c.oid
    ) as list (acl)
    cross join lateral aclexplode(list.acl) a
    left join pg_roles r on r.oid = a.grantee
    where a.grantee <> c.relowner
$$;

comment on function tests.lint_tables_without_policy() is 'Tables without a policy that are not on tests.v_internal_tables, and tables on it with a policy or a privilege.';
revoke all on function tests.lint_tables_without_policy() from public;
