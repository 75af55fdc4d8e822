-- Reference data a second time, as every upgrade brings it: nothing new, nothing lost, nothing counted twice.

-- All of it, in its order, and the tables that it fills: from the repository's folder, where pg_prove is started.
\set seeds `LC_ALL=C; cat migrations/01_seed/*/*.sql`
\set tables `grep -ohE '^ *insert into [a-z]+\.[a-z_]+' migrations/01_seed/*/*.sql | grep -oE '[a-z]+\.[a-z_]+' | sort -u | tr '\n' ' '`

begin;
select plan(3);

create temporary table contents (moment text, table_name text, contents text);
grant insert on contents to pgcrm_owner;
select tests.become_owner();

select format(
    $$
        insert into pg_temp.contents select 'before', %1$L, string_agg(r::text, E'\n' order by r::text) from %1$s r;
    $$,
    t
)
from regexp_split_to_table(btrim(:'tables'), ' ') t
\gexec

:seeds

select format(
    $$
        insert into pg_temp.contents select 'after', %1$L, string_agg(r::text, E'\n' order by r::text) from %1$s r;
    $$,
    t
)
from regexp_split_to_table(btrim(:'tables'), ' ') t
\gexec
reset role;

select cmp_ok((select count(*) from contents c where c.moment = 'before'), '>=', 10::bigint, 'there is something to compare');
select is(
    (select array_agg(c.table_name) from contents c where length(coalesce(c.contents, '')) < 10),
    null, 'in every table'
);
select results_eq(
    $$ select c.table_name, c.contents from contents c where c.moment = 'after' order by 1 $$,
    $$ select c.table_name, c.contents from contents c where c.moment = 'before' order by 1 $$,
    'case 2: the seed runs again without an error, and every row is as it was'
);

select * from finish();
rollback;
