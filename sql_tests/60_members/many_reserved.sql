-- Many reserved customers: they are looked for in parts, and every one counts once.

begin;
select plan(3);
\ir _members.psql
select pg_temp.make_database('d', 'P1', 400);
select pg_temp.make_database('e', 'P2', 3);
-- Every customer by number, in any case of letters; each third for another product too, each third by the name alone as well.
insert into members.reservations (org_id, product_id, customer_id, customer_name, staff_id, status, approved_at)
select
    pg_temp.alpha(), p.product_id, 'D' || n, case n % 3 when 1 then 'Name ' || n end, tap.uid('stf@alpha.test'), 'approved', app.now()
from generate_series(1, 350) n
join members.products p on p.org_id = pg_temp.alpha() and (p.name = 'P1' or n % 3 = 0);

select tests.become('adm@alpha.test');
select is(
    pg_temp.counts('d'), '50 available, 0 assigned, 0 archived, 350 excluded = 400, 0 in conflict',
    'BF-5: a record that is reserved by id and by name, or for two products, is excluded once'
);
select is(
    pg_temp.counts('e'), '2 available, 0 assigned, 0 archived, 1 excluded = 3, 0 in conflict',
    'BF-5: in any database, by any value: Name 1 is reserved'
);
select pg_temp.give('B1', 'd', 'stf@alpha.test', 50);
select is(
    pg_temp.counts('d'), '0 available, 50 assigned, 0 archived, 350 excluded = 400, 0 in conflict',
    'case 86: exactly those who are not reserved can be handed out'
);

select * from finish();
rollback;
