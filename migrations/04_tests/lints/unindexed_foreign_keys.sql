-- Lint: a foreign key that makes each delete read the whole table.

create or replace function tests.lint_unindexed_foreign_keys() returns table (object text, problem text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select f.conrelid::regclass::text, format('foreign key %s has no index', f.conname)
    from pg_constraint f
    join tests.v_our_schemas s on s.oid = f.connamespace
    where f.contype = 'f'
      and f.conparentid = 0
      and f.confrelid <> 'app.profiles'::regclass
      and (
          f.confrelid = 'app.organizations'::regclass
          or not exists (select from tests.v_global_tables g where g.object = f.confrelid::regclass::text)
      )
      and not exists (
          select
          from pg_index i
          where i.indrelid = f.conrelid
            and i.indisvalid
            -- The first columns of the index, in any order, are those of the key.
            and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
            -- Rows that point nowhere need not be in it.
            and (
                i.indpred is null
                or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$'
            )
      )
$$;

comment on function tests.lint_unindexed_foreign_keys() is 'Foreign keys without an index that begins with their columns; keys to app.profiles (people are never deleted) and to global tables apart.';
revoke all on function tests.lint_unindexed_foreign_keys() from public;
