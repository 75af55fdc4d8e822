-- Lint: a view that shows what its reader may not see, or lets data be changed past the rules.

create or replace function tests.lint_view_rights() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with ours as (
        select
            c.oid,
            c.oid::regclass::text as name,
            c.relowner,
            c.relacl,
            coalesce(c.reloptions @> array['security_invoker=true'], false) as is_invoker,
            coalesce(c.reloptions @> array['security_barrier=true'], false) as is_barrier,
            exists (select from tests.v_owner_views e where e.object = c.oid::regclass::text) as is_exempt
        from pg_class c
        join tests.v_our_schemas s on s.oid = c.relnamespace
        where c.relkind in ('v', 'm')
    )
    select o.name, 'is not security_invoker and not on tests.v_owner_views'
    from ours o
    where not o.is_invoker and not o.is_exempt
    union all
    select o.name, 'runs as its owner without security_barrier'
    from ours o
    where not o.is_invoker and o.is_exempt and not o.is_barrier
    union all
    select o.name, format('grants %s to %s', lower(a.privilege_type), coalesce(r.rolname, 'public'))
    from ours o
    cross join lateral aclexplode(o.relacl) a
    left join pg_roles r on r.oid = a.grantee
    where a.grantee <> o.relowner
      and (a.privilege_type <> 'SELECT' or coalesce(r.rolname, 'public') not in ('authenticated', 'analyst'))
$$;

comment on function tests.lint_view_rights() is 'Views without security_invoker that are not on tests.v_owner_views, listed ones without security_barrier, and views through which somebody may write (decisions §5.8).';
revoke all on function tests.lint_view_rights() from public;
