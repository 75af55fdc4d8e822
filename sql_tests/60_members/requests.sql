-- Normal databases: staff ask for records, admins decide, or a switch does (§5.2).

begin;
select plan(69);
\ir _members.psql
reset role;

create function pg_temp.ask(p_name text, p_database text, p_count integer) returns text
language sql
as $$
    insert into pg_temp.answers
    select p_name, api.members_request_records(jsonb_build_object('database_id', pg_temp.id(p_database), 'record_count', p_count));
    insert into pg_temp.ids
    select p_name, (a.answer ->> 'request_id')::bigint from pg_temp.answers a where a.name = p_name;
    select a.answer ->> 'status' from pg_temp.answers a where a.name = p_name
$$;
create function pg_temp.error_of_asking(p_database text, p_count text) returns text
language sql
as $$
    select tests.error_of(format(
        $q$ select api.members_request_records('{"database_id": %s, "record_count": %s}') $q$, pg_temp.id(p_database), p_count
    ))
$$;
-- available, requested, assigned
create function pg_temp.states(p_database text) returns text
language sql
as $$
    select format('%s available, %s requested, %s assigned, %s excluded = %s', c.available_count, c.requested_count, c.assigned_count, c.excluded_count, c.total_records)
    from api.v_database_counts c
    where c.database_id = pg_temp.id(p_database)
$$;

select tests.become_owner();
select pg_temp.make_database('n', 'P1', 10, 'normal');
select pg_temp.make_database('m', 'P1', 20, 'normal');
select pg_temp.make_database('o', 'P2', 20, 'normal');
select pg_temp.make_database(x, 'P1', 20, 'normal') from unnest(array['auto_null', 'auto_true', 'auto_false']) x;
select pg_temp.reserve('N1', 'P1', 'stf2@alpha.test');
select members.add_reservation(
    pg_temp.alpha(), (select p.product_id from members.products p where p.org_id = pg_temp.alpha() and p.name = c.product),
    c.customer, tap.uid('stf2@alpha.test'), null, false
)
from (values ('n2', 'P1'), ('n3', 'P2')) as c (customer, product);

-- Asking (cases 19, 27)

select tests.become('stf@alpha.test');
select is(
    pg_temp.error_of_asking('n', '9'), 'PT409 records.too_few_eligible',
    'case 19: of 10 available 2 are reserved, one of them pending: 9 are refused'
);
select throws_ok(
    format($$ select api.members_request_records('{"database_id": %s, "record_count": 9}') $$, pg_temp.id('n')), 'PT409',
    'Only 8 records of this database are available.', 'case 19: and the answer says that 8 are available'
);
select tests.become('adm@alpha.test');
select is(pg_temp.states('n'), '9 available, 0 requested, 0 assigned, 1 excluded = 10', 'case 19: nothing changed');
select is(pg_temp.error_of_asking('n', '1'), 'PT403 permission.denied', 'case 27: an admin asks for nothing');
select tests.become('dir@alpha.test');
select is(pg_temp.error_of_asking('n', '1'), 'PT403 permission.denied', 'nor does a director');
select tests.become('stf@alpha.test');
select is(
    tests.faults_of(format($$ select api.members_request_records('{"database_id": %s, "record_count": %s}') $$, pg_temp.id('n'), n)),
    array['record_count requests.record_count.range'], format('case 27: %s records are refused', n)
)
from unnest(array[0, -1, 10001]) n;
select is(
    tests.error_of($$ select api.members_request_records('{"database_id": 999999999, "record_count": 1}') $$),
    'PT404 database.not_found', 'case 27: an unknown database'
);
select tests.become('stf@beta.test');
select is(pg_temp.error_of_asking('n', '1'), 'PT404 database.not_found', 'another organisation''s is not there');
select tests.become('stf@alpha.test');
select is(pg_temp.ask('first', 'n', 8), 'pending', 'what is available can be had, all of it');
select is(
    (select a.answer - '{request_id,database_id,product_id,requested_by}'::text[] from answers a where a.name = 'first'),
    '{
        "database_name": "n", "product_name": "P1", "requested_by_name": "STF Alpha", "record_count": 8, "skipped_reserved_count": 2,
        "withheld_count": 0, "status": "pending", "requested_at": "2031-03-01T05:00:00+00:00", "reviewed_by": null,
        "reviewed_by_name": null, "reviewed_at": null, "auto_approved": false, "batch_id": null
    }',
    'the answer says what was passed by'
);
select is((select count(*) from api.records where module = 'normal'), 0::bigint, 'what is asked for is nobody''s yet');
select tests.become('adm@alpha.test');
select is(pg_temp.states('n'), '1 available, 8 requested, 0 assigned, 1 excluded = 10', 'requested is neither available nor assigned');
select results_eq(
    $$ select r.record_id from api.records r where r.request_id = pg_temp.id('first') and r.status = 'requested' order by 1 $$,
    $$ select i.value::bigint from jsonb_array_elements_text(api.members_get_request(pg_temp.id('first')) -> 'record_ids') i order by 1 $$,
    'BF-7: request and records say the same of each other'
);
select is_empty(
    $$ select r.customer_id from api.records r where r.status = 'requested' and r.customer_id in ('n1', 'n2') $$,
    '§3.6: neither approved nor pending reservations of the product are passed over'
);
select results_eq(
    $$ select n.topic, n.title from api.notifications n where n.topic = 'new_download_request' $$,
    $$ values ('new_download_request', '8 records were requested') $$, 'the admins are told'
);
select tests.become('mad@alpha.test');
select is(
    (select count(*) from api.notifications n where n.topic = 'new_download_request'), 1::bigint, 'BF-42: master admins too'
);

-- Random (case 25)

select tests.become('stf2@alpha.test');
select is(pg_temp.ask('r' || n, 'm', 5), 'pending', 'asked for') from generate_series(1, 2) n;
select tests.become('adm@alpha.test');
select api.members_reject_request(pg_temp.id('r' || n)) from generate_series(1, 2) n;
select tests.become('stf2@alpha.test');
select is(pg_temp.ask('r' || n, 'm', 5), 'pending', 'asked for again') from generate_series(3, 4) n;
select tests.become('adm@alpha.test');
select cmp_ok(
    (
        select count(distinct (api.members_get_request(pg_temp.id('r' || n)) ->> 'record_ids'))
        from generate_series(1, 4) n
    ), '>', 2::bigint, 'case 25: what is picked varies'
);

-- Deciding (cases 20, 21, 26)

select is(
    api.members_approve_request(pg_temp.id('first')) - '{request_id,database_id,product_id,requested_by,batch_id,reviewed_by,requested_at}'::text[],
    '{
        "database_name": "n", "product_name": "P1", "requested_by_name": "STF Alpha", "record_count": 8, "skipped_reserved_count": 2,
        "withheld_count": 0, "status": "approved", "reviewed_by_name": "ADM Alpha", "reviewed_at": "2031-03-01T05:00:00+00:00",
        "auto_approved": false
    }',
    'case 20: approved'
);
select results_eq(
    $$
        select r.record_id, r.status, r.assigned_to, r.assigned_at, r.batch_id
        from api.records r where r.request_id = pg_temp.id('first') order by 1
    $$,
    $$
        select i.value::bigint, 'assigned', tap.uid('stf@alpha.test'), timestamptz '2031-03-01 05:00:00+00', b.batch_id
        from jsonb_array_elements_text(api.members_get_request(pg_temp.id('first')) -> 'record_ids') i
        cross join api.batches b
        where b.database_id = pg_temp.id('n')
        order by 1
    $$,
    'case 20: its exact records are with whoever asked, in one batch'
);
select is(
    tests.error_of(format($$ select api.members_%s_request(%s) $$, verb, pg_temp.id('first'))), 'PT409 request.not_pending',
    'case 20: it is decided once, not ' || verb
)
from unnest(array['approve', 'reject']) verb;
select is(
    tests.error_of($$ select api.members_approve_request(999999999) $$), 'PT404 request.not_found', 'an unknown request'
);
select is(
    (api.members_reject_request(pg_temp.id('r3')) ->> 'status'), 'rejected', 'case 21: rejected'
);
select results_eq(
    $$ select r.status, r.request_id, count(*) from api.records r where r.database_id = pg_temp.id('m') group by 1, 2 order by 1 $$,
    $$ values ('available', null::bigint, 15::bigint), ('requested', pg_temp.id('r4'), 5) $$,
    'case 21: its records are available and of no request'
);
select tests.become('stf2@alpha.test');
select results_eq(
    $$ select n.topic, count(*) from api.notifications n group by 1 order by 1 $$,
    $$ values ('request_rejected', 3::bigint) $$, 'case 21: whoever asked is told'
);
select is(pg_temp.ask('b1', 'm', 3), 'pending', 'asked for');
select tests.become('sp1@alpha.test');
select is(pg_temp.ask('b2', 'm', 4), 'pending', 'asked for');
select is((select count(*) from api.download_requests), 1::bigint, 'case 11: one sees one''s own');
select is(
    tests.error_of(format($$ select api.members_approve_request(%s) $$, pg_temp.id('b2'))), 'PT403 permission.denied',
    'staff decide nothing'
);
select tests.become('sm2@alpha.test');
select is(
    tests.error_of(format($$ select api.members_approve_request(%s) $$, pg_temp.id('b2'))), 'PT404 request.not_found',
    'a sales manager decides for the own team alone'
);
select tests.become('adm@alpha.test');
select is(
    api.members_approve_requests(jsonb_build_object('request_ids', array[pg_temp.id('b2'), pg_temp.id('b1'), pg_temp.id('r3'), 999999999])),
    jsonb_build_object(
        'approved', array[pg_temp.id('b1'), pg_temp.id('b2')],
        'skipped', jsonb_build_array(
            jsonb_build_object('request_id', pg_temp.id('r3'), 'status', 'rejected'), jsonb_build_object('request_id', 999999999, 'status', null)
        )
    ),
    'case 26, LD-29: many at once; what cannot be decided is named'
);
select results_eq(
    $$
        select r.request_id, r.assigned_to, count(*), count(distinct r.batch_id)
        from api.records r where r.database_id = pg_temp.id('m') and r.status = 'assigned' group by 1, 2 order by 3
    $$,
    $$ values (pg_temp.id('b1'), tap.uid('stf2@alpha.test'), 3::bigint, 1::bigint), (pg_temp.id('b2'), tap.uid('sp1@alpha.test'), 4, 1) $$,
    'case 26: each got its own records'
);
select is(
    api.members_reject_requests(jsonb_build_object('request_ids', array[pg_temp.id('r4')])),
    jsonb_build_object('rejected', array[pg_temp.id('r4')], 'skipped', '[]'::jsonb), 'case 26: rejected together'
);
select is(pg_temp.states('m'), '13 available, 0 requested, 7 assigned, 0 excluded = 20', 'case 26: none is left requested');
select is(
    tests.error_of($$ select api.members_reject_requests('{"request_ids": [999999999]}') $$), 'PT404 request.not_found', 'none of them is there'
);

-- Reserved between request and approval (D-7)

select tests.become('stf@alpha.test');
select is(pg_temp.ask('late', 'o', 20), 'pending', 'asked for all');
select tests.become_owner();
select pg_temp.reserve('o' || n, 'P1', 'stf2@alpha.test') from generate_series(1, 3) n;
select tests.become('adm@alpha.test');
select is(
    (api.members_approve_request(pg_temp.id('late')) ->> 'withheld_count'), '3', 'D-7: whom somebody reserved meanwhile is not handed out'
);
select is(pg_temp.states('o'), '0 available, 0 requested, 17 assigned, 3 excluded = 20', 'D-7: they are excluded now');
select is(
    (select b.initial_count from api.batches b where b.database_id = pg_temp.id('o')), 17, 'D-7: the batch is what was handed out'
);

-- Without anybody (cases 22, 23; BF-8)

select is(
    api.members_set_auto_approve(pg_temp.id('auto_' || v::text), jsonb_build_object('auto_approve', v)),
    jsonb_build_object('database_id', pg_temp.id('auto_' || v::text), 'auto_approve', v), 'BF-8: kept: ' || v::text
)
from unnest(array[true, false]) v;
select is(
    (select jsonb_agg(api.members_toggle_auto_approve(pg_temp.id('auto_null')) -> 'auto_approve') from generate_series(1, 3)),
    '[true, false, null]', '§5.2: from null to true, to false, to null'
);
select results_eq(
    $$ select d ->> 'name', d -> 'auto_approve' from jsonb_array_elements(api.members_list_databases('normal', null, 'auto') -> 'items') d order by 1 $$,
    $$ values ('auto_false', 'false'::jsonb), ('auto_null', 'null'), ('auto_true', 'true') $$, 'BF-8: and listed'
);
select is(
    tests.faults_of(format($$ select api.members_set_auto_approve(%s, '{}') $$, pg_temp.id('auto_null'))),
    array['auto_approve databases.auto_approve.required'], 'null must be said'
);
select tests.become('stf@alpha.test');
select is(pg_temp.ask('off', 'auto_true', 1), 'pending', 'case 23: switched off for all, a database that says yes changes nothing');
select is(
    tests.error_of(format($$ select api.members_toggle_auto_approve(%s) $$, pg_temp.id('auto_true'))), 'PT403 permission.denied',
    'staff switch nothing'
);
select is(
    tests.error_of($$ select api.members_set_request_settings('{"enabled": true}') $$), 'PT403 permission.denied', 'nor for all'
);
select tests.become('adm@alpha.test');
select is(
    api.members_set_request_settings('{"enabled": true, "max_records_per_request": 5}'),
    '{"enabled": true, "max_records_per_request": 5}', 'switched on, up to 5'
);
select tests.become('stf@alpha.test');
select is(pg_temp.ask('on_' || x, 'auto_' || x, 5), should, format('case 22: a database that says %s', x))
from (values ('null', 'approved'), ('true', 'approved'), ('false', 'pending')) as t (x, should);
select is(pg_temp.ask('six', 'auto_true', 6), 'pending', 'case 23: more than the maximum waits');
select is(
    (select a.answer - '{requested_at}'::text[] from answers a where a.name = 'on_true') @> '{"reviewed_by": null, "reviewed_by_name": "Auto-Approved", "auto_approved": true}',
    true, '§5.2: approved by nobody, and it says so'
);
select results_eq(
    $$ select n.topic, count(*) from api.notifications n where n.topic like 'request%' group by 1 order by 1 $$,
    $$ values ('request_approved', 2::bigint), ('request_auto_approved', 2) $$, 'whoever asked is told which way'
);
select is(
    tests.error_of(format($$ select api.members_download_request(%s) $$, pg_temp.id('six'))), 'PT410 request.download_gone',
    'case 28: files are not downloaded any more'
);

-- Lists and numbers

select tests.become('adm@alpha.test');
select is(
    (
        select array_agg(q ->> 'status' order by n)
        from jsonb_array_elements(api.members_list_requests('pending', pg_temp.id('auto_true')) -> 'items') with ordinality as e (q, n)
    ),
    '{pending,pending}', 'requests of one status and database'
);
select is(
    api.members_request_statistics() #>> '{total,requests}' || ' ' || (api.members_request_statistics() #>> '{today,records}'),
    (select count(*) || ' ' || sum(record_count) from api.download_requests), 'requests and records, all and today''s'
);

-- A database goes with what was asked of it

select api.members_delete_database('normal', pg_temp.id('auto_true'));
select tests.become_owner();
select results_eq(
    $$ select q.status, count(*) from members.download_requests q where q.database_id = pg_temp.id('auto_true') group by 1 order by 1 $$,
    $$ values ('approved', 1::bigint), ('rejected', 2) $$, 'case 101: nothing is left to decide about'
);
select members.purge_database(pg_temp.alpha(), pg_temp.id('auto_true')) from generate_series(1, 2);
select is(
    (select count(*) from members.download_requests q where q.database_id = pg_temp.id('auto_true')), 0::bigint, 'case 101: and then they are gone'
);
select is_empty(
    $$
        select r.record_id from members.records r
        where r.org_id = pg_temp.alpha() and r.module = 'normal'
          and (r.status = 'requested') is distinct from exists (
              select from members.download_requests q
              where q.org_id = r.org_id and q.request_id = r.request_id and q.status = 'pending' and r.record_id = any (q.record_ids)
          )
    $$,
    'a record is requested exactly while its request is pending'
);

-- What the previous system had to repair cannot be written

select is(
    tests.error_of(format($$ update members.download_requests set status = 'rejected', reviewed_at = now() where request_id = %s $$, pg_temp.id('on_false'))),
    '23514', 'LD-34: a request is not decided while its records wait'
);
select is(
    tests.error_of(format(
        $$ update members.records set status = 'requested', request_id = %s where record_id = (select min(record_id) from members.records where database_id = %s and status = 'available') $$,
        pg_temp.id('r3'), pg_temp.id('m')
    )), '23503', 'LD-34: nor does a record wait for a request that was decided'
);
select is(
    tests.error_of(format(
        $$ update members.records set status = 'requested', request_id = %s where record_id = (select min(record_id) from members.records where database_id = %s and status = 'available') $$,
        pg_temp.id('on_false'), pg_temp.id('m')
    )), '23503', 'nor for one of another database'
);

select * from finish();
rollback;
