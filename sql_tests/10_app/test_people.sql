-- Who runs these tests: people with a person's rights, never whoever owns the tables.

begin;
select plan(6);

select is(
    tests.error_of($$ select tests.become('nobody@alpha.test') $$), 'P0001',
    'P39: a person who is missing is an error, no reason to skip'
);
select tests.become('sp1@alpha.test');
select is(current_user::text, 'authenticated', 'P39: a test that became a person runs as such a role');
select is(
    (select array_agg(r.rolname) from pg_catalog.pg_roles r where r.rolname = current_user and (r.rolsuper or r.rolbypassrls)),
    null, 'P39: which is no superuser and no way around the policies'
);
select is(
    (select count(*) from pg_catalog.pg_class c where c.relnamespace::regnamespace::text <> 'pg_toast' and pg_has_role(c.relowner, 'usage')),
    0::bigint, 'P39: and owns nothing'
);
select isnt((select count(*) from api.leads), null, 'P39: what it may see it sees');
select is(tests.error_of('select from crm.customer_keys'), '42501', 'P39: and is denied the rest');

select * from finish();
rollback;
