-- Lint: a table whose rows, keys or references could cross organisations (design §3).

create or replace function tests.lint_tables_without_org_id() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    with ours as (
        select c.oid, c.oid::regclass::text as name, a.attnum
        from pg_class c
        join tests.v_our_schemas s on s.oid = c.relnamespace
        left join pg_attribute a
            on a.attrelid = c.oid and a.attname = 'org_id' and a.atttypid = 'uuid'::regtype and a.attnotnull
        where c.relkind in ('r', 'p')
          and not exists (select from tests.v_global_tables g where g.object = c.oid::regclass::text)
    )
    select o.name, 'has no column org_id uuid not null'
    from ours o
    where o.attnum is null
    union all
    select o.name, 'has no primary key'
    from ours o
    where not exists (select from pg_index i where i.indrelid = o.oid and i.indisprimary)
    union all
    -- Primary and unique keys stand on indexes: all three at once.
    select o.name, format('%s does not begin with org_id', i.indexrelid::regclass)
    from ours o
    join pg_index i on i.indrelid = o.oid and i.indkey[0] is distinct from o.attnum
    where not exists (select from tests.v_indexes_without_org_id e where e.object = i.indexrelid::regclass::text)
    union all
    select o.name, format('foreign key %s does not begin with org_id on both sides', f.conname)
    from ours o
    join pg_constraint f on f.conrelid = o.oid and f.contype = 'f'
    left join pg_attribute r on r.attrelid = f.confrelid and r.attnum = f.confkey[1]
    where (f.conkey[1] is distinct from o.attnum or r.attname <> 'org_id')
      and (
          f.confrelid = 'app.organizations'::regclass
          or not exists (select from tests.v_global_tables g where g.object = f.confrelid::regclass::text)
      )
    union all
    select o.name, format('foreign key %s would change org_id', f.conname)
    from ours o
    join pg_constraint f on f.conrelid = o.oid and f.contype = 'f' and o.attnum = any (f.conkey)
    where f.confdeltype in ('n', 'd')
       or f.confupdtype in ('n', 'd', 'c')
$$;

comment on function tests.lint_tables_without_org_id() is 'Tables off tests.v_global_tables without org_id leading their primary key, indexes and foreign keys; foreign keys that would null or change it.';
revoke all on function tests.lint_tables_without_org_id() from public;
