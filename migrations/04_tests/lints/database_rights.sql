-- Lint: a database where anybody can make objects that our code might take for its own. A copy or a restore loses these rights' absence.

create or replace function tests.lint_database_rights() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select format('database %s', d.datname), format('grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from pg_database d
    cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    left join pg_roles r on r.oid = a.grantee
    where d.datname = current_database()
      and a.privilege_type in ('TEMPORARY', 'CREATE')
      and (a.grantee = 0 or r.rolname in ('anon', 'authenticated', 'analyst', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker'))
    union all
    select format('schema %s', n.nspname), format('grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from pg_namespace n
    cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
    left join pg_roles r on r.oid = a.grantee
    where (n.nspname = 'public' or n.oid in (select s.oid from tests.v_our_schemas s))
      and a.privilege_type = 'CREATE'
      and a.grantee <> n.nspowner
      and coalesce(r.rolname, 'public') not in ('pgcrm_owner', 'pg_database_owner')
      and not coalesce(r.rolsuper, false)
$$;

comment on function tests.lint_database_rights() is
    'Rights to create in this database or its schemas, temporary objects included, that people and the groups acting for them have (design §4).';
revoke all on function tests.lint_database_rights() from public;
