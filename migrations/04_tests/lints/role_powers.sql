-- Lint: a database role that owns or bypasses what it must not (design §4).

create or replace function tests.lint_role_powers() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with bounded as (
        -- Whoever acts for people, and every log-in that belongs to one of these groups. (A superuser is a member of all.)
        select r.*
        from pg_roles r
        where r.rolname in ('anon', 'authenticated', 'analyst', 'pgcrm_gateway', 'pgcrm_bff', 'pgcrm_worker')
           or (not r.rolsuper and pg_has_role(r.oid, 'analyst', 'member') and r.rolname <> 'pgcrm_owner' and not r.rolcreaterole)
    )
    select b.rolname::text, format('is %s', p.power)
    from bounded b
    cross join lateral (
        values
            ('superuser', b.rolsuper),
            ('bypassrls', b.rolbypassrls),
            ('createrole', b.rolcreaterole),
            ('createdb', b.rolcreatedb),
            ('replication', b.rolreplication)
    ) as p (power, has)
    where p.has
    union all
    select b.rolname::text, 'can become pgcrm_owner'
    from bounded b
    where pg_has_role(b.oid, 'pgcrm_owner', 'member')
      and not b.rolsuper
    union all
    select b.rolname::text, format('owns %s', pg_describe_object(d.classid, d.objid, d.objsubid))
    from bounded b
    join pg_shdepend d
        on d.refclassid = 'pg_authid'::regclass and d.refobjid = b.oid and d.deptype = 'o'
        and d.dbid in (0, (select current_database.oid from pg_database current_database where datname = current_database()))
    union all
    select r.rolname::text, format('is %s', p.power)
    from pg_roles r
    cross join lateral (
        values ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls), ('a log-in', r.rolcanlogin)
    ) as p (power, has)
    where r.rolname = 'pgcrm_owner'
      and p.has
    union all
    -- The worker executes its functions and speaks for nobody; analysts speak for themselves.
    select b.rolname::text, 'may speak for others'
    from bounded b
    where b.rolname not in ('pgcrm_gateway', 'pgcrm_bff')
      and not b.rolsuper
      and (pg_has_role(b.oid, 'pgcrm_gateway', 'member') or pg_has_role(b.oid, 'authenticator', 'member'))
    union all
    select c.oid::regclass::text, format('belongs to %s, not to pgcrm_owner', c.relowner::regrole)
    from pg_class c
    join tests.v_our_schemas s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S')
      and c.relowner <> 'pgcrm_owner'::regrole
    union all
    select f.name, format('belongs to %s, not to pgcrm_owner', f.proowner::regrole)
    from tests.v_our_functions f
    where f.proowner <> 'pgcrm_owner'::regrole
$$;

comment on function tests.lint_role_powers() is
    'Log-ins and groups that act for people, analysts'' log-ins included, with powers, objects or memberships that would lift them above row security; a pgcrm_owner with powers; objects of ours that belong to somebody else.';
revoke all on function tests.lint_role_powers() from public;
