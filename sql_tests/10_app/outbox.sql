-- Events leave the outbox in the order in which they were committed, once, by whoever has the lease. (Two transactions at once, and
-- what listeners hear: tests/concurrency/test_outbox.py.)

begin;
select plan(23);

create function pg_temp.happened(p_org text, p_topic text, p_key text, p_tags text[]) returns void
language sql
as $$
    insert into app.outbox (org_id, topic, key, cache_tags)
    select o.org_id, p_topic, p_key, p_tags from app.organizations o where o.slug = p_org
$$;
create function pg_temp.sent() returns text
language sql
as $$
    select coalesce(string_agg(o.key, ' ' order by o.id) filter (where o.sent_at is not null), '') from app.outbox o
$$;

-- Leases

select ok(app.take_lease('dispatcher', 'one'), 'a lease that nobody has is taken');
select ok(app.take_lease('dispatcher', 'one'), 'and renewed by its holder');
select ok(not app.take_lease('dispatcher', 'two'), 'somebody else does not get it');
select ok(app.take_lease('jobs', 'two'), 'another lease is another matter');
select is(
    tests.error_of($$ select app.take_lease('dispatcher', 'one', 0) $$), 'PT422 lease.seconds.out_of_range',
    'a lease without an end is refused'
);
select is(app.dispatch_outbox('two'), 0, 'where nothing waits, nothing is done, whoever asks');
select pg_temp.happened('alpha', 'leads.created', 'a1', '{leads}');
select is(tests.error_of($$ select app.dispatch_outbox('two') $$), 'PT409 lease.lost', 'without the lease nobody sends');
update app.leases set expires_at = clock_timestamp() - interval '1 second' where name = 'dispatcher';
select ok(app.take_lease('dispatcher', 'two'), 'a holder that was killed loses the lease by time');
select is(tests.error_of($$ select app.dispatch_outbox('one') $$), 'PT409 lease.lost', 'and cannot send when it comes back');
select ok(not app.release_lease('dispatcher', 'one'), 'or give away what is another''s');
select ok(app.release_lease('dispatcher', 'two'), 'a lease that is given back');
select ok(app.take_lease('dispatcher', 'one'), 'is there for the next one at once');

-- Batches

select pg_temp.happened('alpha', 'leads.created', 'a2', '{leads}');
select pg_temp.happened('beta', 'leads.created', 'b1', '{leads}');
select pg_temp.happened('alpha', 'imports.progress', 'a3', '{imports}');

select is(app.dispatch_outbox('one', 2), 2, 'a batch has a limit');
select is(pg_temp.sent(), 'a1 a2', 'and begins with the lowest ids');
select is(app.dispatch_outbox('one'), 2, 'the next one goes on');
select is(pg_temp.sent(), 'a1 a2 b1 a3', 'nothing is sent twice');
select is(app.dispatch_outbox('one'), 0, 'then nothing waits');

select throws_ok(
    $$ insert into app.outbox (org_id, topic, key) select org_id, 'Lead created', 'x' from app.organizations $$, '23514', null,
    'a topic is <resource>.<what happened>'
);
select throws_ok(
    $$ insert into app.outbox (org_id, topic, key, cache_tags) select org_id, 'leads.created', 'x', array[repeat('x', 2001)] from app.organizations $$,
    '23514', null, 'topic and tags always fit into a notification'
);

-- What functions emit

create temporary table emitted on commit drop as
select f.name, (regexp_match(s.statement, '\mapp\.emit(?:_for)?\([^'']*''([a-z0-9_]+)\.'))[1] as topic_of, t.tag
from tests.v_our_functions f
cross join lateral regexp_split_to_table(f.code, ';') as s (statement)
cross join lateral (
    -- The last array of literals in the statement holds the tags.
    select m[1] as tag
    from regexp_matches((regexp_match(s.statement, '.*array\[([^]]*)\]'))[1], '''([^'']*)''', 'g') m
) t
where s.statement ~ '\mapp\.emit(_for)?\(';
select cmp_ok((select count(distinct e.topic_of) from emitted e), '>=', 3::bigint, 'functions emit events');
select is_empty(
    $$
        select e.name, r.resource
        from emitted e
        cross join lateral (values (e.topic_of), (e.tag)) as r (resource)
        where not exists (select from app.role_permissions p where p.resource = r.resource and p.action = 'select')
    $$,
    'what they are about and what they tag are resources of the permission matrix: else nobody would hear of them'
);

-- Who may hear of what

select tests.become('fin@alpha.test');
select ok(
    api.app_event_access() -> 'resources' ? 'customers' and not api.app_event_access() -> 'resources' ? 'leads',
    'finance hears of customers and not of leads'
);
select is((api.app_event_access() ->> 'org_id')::uuid, app.org_id(), 'each of their own organisation');
reset role;

select * from finish();
rollback;
