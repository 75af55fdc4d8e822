-- Calls that change many things at once: so many in a minute, for each person (decisions §4; members' bulk calls, §5.3, §5.6, §5.25).

begin;
select plan(12);
\ir _members.psql
\ir _reservations.psql
reset role;
create function pg_temp.bulk(p_customer text) returns text
language sql
as $$
    select tests.error_of(format(
        'select api.members_reserve_many(%L)',
        jsonb_build_object('customer_ids', jsonb_build_array(p_customer), 'product_id', pg_temp.product('P1'), 'staff_id', tap.uid('stf@alpha.test'))
    ))
$$;
create function pg_temp.later(p_seconds integer) returns void
language sql
security definer
as $$ update app.clock set frozen_at = frozen_at + make_interval(secs => p_seconds) $$;

select tests.become('adm@alpha.test');
select is((select count(*) from generate_series(1, 5) n where pg_temp.bulk('a' || n) is null), 5::bigint, 'five');
select is(pg_temp.bulk(repeat('x', 201)), 'PT422 request.invalid', 'what is refused for its content');
select pg_temp.later(40);
select is((select count(*) from generate_series(1, 5) n where pg_temp.bulk('b' || n) is null), 5::bigint, 'does not count: five more');
select is(pg_temp.bulk('c'), 'PT429 bulk.too_many', 'the eleventh within a minute is refused');
select is((select count(*) from api.reservations r where r.customer_id = 'c'), 0::bigint, 'and nothing is changed');
select is(
    tests.error_of($$ select api.members_approve_requests('{"request_ids": [1]}') $$), 'PT429 bulk.too_many', 'whatever it would change: many requests'
);
select is(
    tests.error_of($$ select api.members_set_statuses('{"record_ids": [1], "respond_status": "ya"}') $$), 'PT429 bulk.too_many', 'or many statuses'
);
select tests.become('mad@alpha.test');
select is(pg_temp.bulk('d'), null, 'others have a count of their own');
select tests.become('adm@alpha.test');
select pg_temp.later(20);
select is((select count(*) from generate_series(1, 6) n where pg_temp.bulk('e' || n) is null), 5::bigint, 'a minute after the first five there is room for five');
select tests.become_owner();
insert into app.settings (org_id, key, value) values (pg_temp.alpha(), 'bulk_calls_per_minute', '12'), (pg_temp.alpha(), 'bulk_limit', '3');
select tests.become('adm@alpha.test');
select is((select count(*) from generate_series(1, 6) n where pg_temp.bulk('f' || n) is null), 2::bigint, 'or as many as the organisation says');
select is(
    tests.faults_of($$ select api.members_set_statuses('{"record_ids": [1, 2, 3, 4], "respond_status": "ya"}') $$), array['record_ids records.record_ids.range'],
    'and so many things in one'
);
select is(
    tests.faults_of($$ select api.members_reject_requests('{"request_ids": [1, 2, 3, 4]}') $$), array['request_ids requests.request_ids.range'], 'everywhere'
);

select * from finish();
rollback;
