-- What staff do with records of normal databases: WhatsApp and response status, batches, and what admins see of it (§5.3–§5.5).

begin;
select plan(58);
\ir _members.psql
reset role;
create function pg_temp.mine(p_staff text, p_database text) returns bigint[]
language sql
as $$
    select array(
        select r.record_id from members.records r
        where r.assigned_to = tap.uid(p_staff) and r.database_id = pg_temp.id(p_database) and r.status = 'assigned'
        order by r.record_id
    )
$$;
create function pg_temp.says(p_record bigint, p_field text, p_value jsonb) returns text
language sql
as $$
    select coalesce(
        tests.error_of(format('select api.members_set_%s(%s, %L)', p_field, p_record, jsonb_build_object(p_field, p_value))),
        (select coalesce(to_jsonb(r) ->> p_field, 'null') || ' ' || (to_jsonb(r) ->> p_field || '_updated_at') from api.records r where r.record_id = p_record)
    )
$$;
create function pg_temp.at(p_time text) returns void
language sql
as $$ update app.clock set frozen_at = p_time::timestamptz $$;
-- An approved request of p_count records; the request is kept under p_name.
create function pg_temp.get(p_name text, p_database text, p_count integer) returns void
language sql
as $$
    insert into pg_temp.ids
    select p_name, (api.members_request_records(jsonb_build_object('database_id', pg_temp.id(p_database), 'record_count', p_count)) ->> 'request_id')::bigint
$$;
-- Records that somebody had before there were requests.
create function pg_temp.legacy(p_database text, p_staff text, p_count integer) returns void
language sql
as $$
    update members.records r
    set status = 'assigned', assigned_to = tap.uid(p_staff), assigned_at = '2031-01-01'
    where r.record_id = any (array(select record_id from members.records where database_id = pg_temp.id(p_database) and status = 'available' limit p_count))
$$;
create function pg_temp.cards_of(p_product text default null) returns text[]
language sql
as $$
    select array_agg(format('%s%s%s %s', i.name, case when (b ->> 'is_legacy')::boolean then 'legacy_' || (b ->> 'database_name') end, case when (b ->> 'is_pinned')::boolean then '!' end, b ->> 'record_count') order by n)
    from jsonb_array_elements(api.members_request_batches((select p.product_id from api.products p where p.name = p_product)) -> 'items') with ordinality as e (b, n)
    left join pg_temp.ids i on i.id::text = b ->> 'id' and i.name in ('five', 'seven', 'other')
$$;
grant execute on all functions in schema pg_temp to public;
select tests.become_owner();
select pg_temp.make_database('a', 'P1', 30, 'normal');
select pg_temp.make_database('b', 'P2', 30, 'normal');
select pg_temp.make_database('w', 'P1', 10);
select tests.become('adm@alpha.test');
select api.members_set_request_settings('{"enabled": true}');
select pg_temp.give('card', 'w', 'stf@alpha.test', 2);
select tests.become('stf@alpha.test');
select pg_temp.get('five', 'a', 5);
select tests.become('stf2@alpha.test');
select pg_temp.get('other', 'a', 4);
reset role;
insert into ids select 'r' || n, i from unnest(pg_temp.mine('stf@alpha.test', 'a')) with ordinality as e (i, n);
insert into ids select 'o' || n, i from unnest(pg_temp.mine('stf2@alpha.test', 'a')) with ordinality as e (i, n);
select tests.become_owner();

-- Statuses (case 29)

select pg_temp.at('2031-03-02 05:00:00+00');
select tests.become('stf@alpha.test');
select is(
    (api.members_set_whatsapp_status(pg_temp.id('r1'), format('{"whatsapp_status": %s}', v)::jsonb) - '{record_id}'::text[]),
    format('{"whatsapp_status": %s, "whatsapp_status_updated_at": "2031-03-02T05:00:00+00:00", "respond_status": null, "respond_status_updated_at": null}', v)::jsonb,
    format('case 29: %s, with its time, also when cleared', v)
)
from unnest(array['"ada"', '"ceklis1"', '"tidak"', 'null']) v;
select is(
    (api.members_set_respond_status(pg_temp.id('r2'), format('{"respond_status": %s}', v)::jsonb) - '{record_id}'::text[]),
    format('{"whatsapp_status": null, "whatsapp_status_updated_at": null, "respond_status": %s, "respond_status_updated_at": "2031-03-02T05:00:00+00:00"}', v)::jsonb,
    format('case 29: answered: %s', v)
)
from unnest(array['"ya"', '"tidak"', 'null']) v;
select is(
    tests.faults_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": %s}') $$, pg_temp.id('r1'), v)), array[e], 'case 29: refused: ' || v
)
from (
    values
        ('"xyz"', 'whatsapp_status records.whatsapp_status.unknown'), ('""', 'whatsapp_status records.whatsapp_status.unknown'),
        ('"ADA"', 'whatsapp_status records.whatsapp_status.unknown'), ('1', 'whatsapp_status records.whatsapp_status.type')
) as t (v, e);
select is(
    tests.faults_of(format($$ select api.members_set_respond_status(%s, '{}') $$, pg_temp.id('r1'))),
    array['respond_status records.respond_status.required'], 'null must be said'
);
select is(
    tests.error_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": "ada"}') $$, pg_temp.id(i))), 'PT404 records.not_found', what
)
from (values ('o1', 'case 29: another staff''s record is not there (decisions §5.14)')) as t (i, what);
select is(
    tests.error_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": "ada"}') $$, r.record_id)), 'PT404 records.not_found',
    'a Member WD record has no such status'
)
from api.records r where r.batch_id = pg_temp.id('card') limit 1;
select is(
    api.members_set_statuses(jsonb_build_object(
        'record_ids', array[pg_temp.id('r3'), pg_temp.id('r4'), pg_temp.id('o1'), 999999999], 'whatsapp_status', 'ada', 'respond_status', 'ya'
    )),
    jsonb_build_object('updated_count', 2, 'skipped', array[pg_temp.id('o1'), 999999999]), 'LD-5: many at once'
);
select is(
    (
        select count(*) from api.v_assigned_records r
        where r.whatsapp_status_updated_at = '2031-03-02 05:00:00+00' and r.respond_status_updated_at = '2031-03-02 05:00:00+00' and r.respond_status = 'ya'
    ), 2::bigint, 'LD-5: with both times'
);
select is(
    tests.faults_of(format($$ select api.members_set_statuses('{"record_ids": [%s]}') $$, pg_temp.id('r1'))),
    array['respond_status records.respond_status.required', 'whatsapp_status records.whatsapp_status.required'], 'one of the two must be said'
);
select tests.become('adm@alpha.test');
select is(
    (api.members_set_whatsapp_status(pg_temp.id('o1'), '{"whatsapp_status": "tidak"}') ->> 'whatsapp_status'), 'tidak', '§5.3: an admin may as well'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": "ada"}') $$, pg_temp.id('o1'))),
    'PT404 records.not_found', 'a sales manager in the own team alone'
);
select tests.become('dir@alpha.test');
select is(
    tests.error_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": "ada"}') $$, pg_temp.id('o1'))),
    'PT403 permission.denied', 'a director reads'
);
select tests.become('stf@beta.test');
select is(
    tests.error_of(format($$ select api.members_set_whatsapp_status(%s, '{"whatsapp_status": "ada"}') $$, pg_temp.id('r1'))),
    'PT404 records.not_found', 'another organisation''s record is not there'
);
reset role;
select is(
    (
        select jsonb_agg(a.after_data order by a.audit_id)
        from app.audit_logs a
        where a.table_name = 'members.records' and a.record_id = pg_temp.id('o1')::text and a.after_data ? 'whatsapp_status'
    ),
    '[{"whatsapp_status": "tidak", "whatsapp_status_updated_at": "2031-03-02T05:00:00+00:00"}]', 'who said it is in the audit trail'
);

-- Batches (cases 31, 32, 33)

select tests.become('stf@alpha.test');
select api.members_set_whatsapp_status(pg_temp.id(r), jsonb_build_object('whatsapp_status', v))
from (values ('r1', 'ada'), ('r2', 'ada'), ('r3', 'ceklis1'), ('r4', 'tidak'), ('r5', null)) as t (r, v);
select api.members_set_respond_status(pg_temp.id(r), jsonb_build_object('respond_status', v))
from (values ('r1', 'ya'), ('r2', 'tidak'), ('r3', null), ('r4', null)) as t (r, v);
select is(
    (select (b.value - '{database_id,product_id}'::text[]) from jsonb_array_elements(api.members_request_batches() -> 'items') b),
    jsonb_build_object(
        'id', pg_temp.id('five')::text, 'is_legacy', false, 'database_name', 'a', 'product_name', 'P1', 'custom_title', null, 'is_pinned', false,
        'record_count', 5, 'ada_count', 2, 'ceklis1_count', 1, 'tidak_count', 1, 'respond_ya_count', 1, 'respond_tidak_count', 1,
        'requested_at', '2031-03-01T05:00:00+00:00', 'approved_at', '2031-03-01T05:00:00+00:00'
    ),
    'LD-38, case 31: a batch for each approved request, counted now'
);
select tests.become_owner();
select pg_temp.legacy('a', 'stf@alpha.test', 3);
select pg_temp.legacy('b', 'stf@alpha.test', 2);
select tests.become('stf@alpha.test');
select pg_temp.get('seven', 'b', 7);
select is(pg_temp.cards_of(), array['seven 7', 'five 5', 'legacy_b 2', 'legacy_a 3'], 'case 32: what came before requests, by database; last');
select is(pg_temp.cards_of('P2'), array['seven 7', 'legacy_b 2'], 'batches of one product');
select is(
    api.members_request_batches() #>> '{items,2,id}', 'legacy_' || pg_temp.id('b'), 'case 32: called legacy_<database>'
);
select is(
    api.members_title_request_batch(b, '{"custom_title": " Monday "}'), jsonb_build_object('id', b, 'custom_title', 'Monday'), 'case 33: a title for ' || what
)
from (values (pg_temp.id('five')::text, 'a batch'), ('legacy_' || pg_temp.id('a'), 'a legacy batch')) as t (b, what);
select is(
    api.members_pin_request_batch(b, '{"is_pinned": true}'), jsonb_build_object('id', b, 'is_pinned', true), 'case 33: a pin for ' || what
)
from (values (pg_temp.id('five')::text, 'a batch'), ('legacy_' || pg_temp.id('a'), 'a legacy batch')) as t (b, what);
select is(pg_temp.cards_of(), array['five! 5', 'legacy_a! 3', 'seven 7', 'legacy_b 2'], 'case 33: pinned ones first');
select is(
    (select array_agg(b ->> 'custom_title' order by n) from jsonb_array_elements(api.members_request_batches() -> 'items') with ordinality as e (b, n)),
    array['Monday', 'Monday', null, null], 'case 33: titles are kept'
);
select results_eq(
    $$
        with recursive page (answer, n) as (
            select api.members_request_batches(null, 1), 1
            union all
            select api.members_request_batches(null, 1, p.answer -> 'next'), n + 1
            from page p
            where p.answer -> 'next' <> 'null' and n < 10
        )
        select p.answer #>> '{items,0,id}' from page p order by n
    $$,
    $$ select b ->> 'id' from jsonb_array_elements(api.members_request_batches() -> 'items') b $$, 'page by page, each once'
);
select is(
    tests.error_of(format($$ select api.members_title_request_batch(%L, '{"custom_title": "mine"}') $$, b)), 'PT404 batch.not_found', 'case 33: not ' || b
)
from unnest(array[pg_temp.id('other')::text, 'legacy_' || pg_temp.id('w'), 'legacy_', 'x', '-1']) b;
select is(
    (
        select array_agg(jsonb_array_length(api.members_request_batch_records(b ->> 'id') -> 'items') order by n)
        from jsonb_array_elements(api.members_request_batches() -> 'items') with ordinality as e (b, n)
    ),
    array[5, 3, 7, 2], '§5.4: and their records'
);
select is(
    jsonb_path_query_array(api.members_my_records(), '$.items[*].assigned_at') -> -1, '"2031-01-01T00:00:00+00:00"', '§8: all of one''s own, newest first'
);
select is(
    (api.members_my_records() #>> '{items,0,whatsapp_link}') ~ '^https://wa.me/62840[0-9]+$', true, '§3.7: with the link'
);
select is(
    jsonb_array_length(api.members_my_records((select p.product_id from api.products p where p.name = 'P1')) -> 'items'), 8, 'of one product'
);

-- Admin screens (cases 34, 35)

select tests.become_owner();
select pg_temp.make_database('q', 'P1', 10, 'normal');
select tests.become('sp1@alpha.test');
select pg_temp.get('ten', 'q', 10);
reset role;
insert into ids select 'q' || n, i from unnest(pg_temp.mine('sp1@alpha.test', 'q')) with ordinality as e (i, n);
select tests.become_owner();
-- 23:30 of the 9th in Jakarta, then 00:30 of the 10th.
select pg_temp.at('2031-03-09 16:30:00+00');
select tests.become('sp1@alpha.test');
select api.members_set_whatsapp_status(pg_temp.id('q' || n), '{"whatsapp_status": "ada"}') from generate_series(1, 3) n;
select api.members_set_respond_status(pg_temp.id('q' || n), jsonb_build_object('respond_status', v)) from (values (1, 'ya'), (2, 'ya'), (3, 'tidak'), (4, 'tidak')) as t (n, v);
select tests.become_owner();
select pg_temp.at('2031-03-09 17:30:00+00');
select tests.become('sp1@alpha.test');
select api.members_set_whatsapp_status(pg_temp.id('q4'), '{"whatsapp_status": "ceklis1"}');
select api.members_set_whatsapp_status(pg_temp.id('q5'), '{"whatsapp_status": "tidak"}');
select tests.become('adm@alpha.test');
select is(
    (
        select s - '{staff_id,staff_name,in_period}'::text[]
        from jsonb_array_elements(api.members_staff_progress() -> 'by_staff') s where s ->> 'staff_name' = 'SP1 Alpha'
    ),
    '{
        "assigned": 10, "ada": 3, "ceklis1": 1, "tidak": 1, "wa_checked": 5, "quality_rate": 60.0, "check_progress": 50.0,
        "respond_ya": 2, "respond_tidak": 2, "respond_checked": 4, "respond_rate": 50.0, "respond_progress": 40.0
    }',
    'cases 34, 35: of 5 checked 3 have WhatsApp, 5 of 10 are checked; of 4 who were asked 2 answered'
);
select is(
    (
        select d - '{database_id,in_period}'::text[]
        from jsonb_array_elements(api.members_staff_progress(jsonb_build_object('staff_id', tap.uid('sp1@alpha.test'))) -> 'by_database') d
    ),
    (
        select (s - '{staff_id,staff_name,in_period}'::text[]) || '{"database_name": "q", "product_name": "P1"}'
        from jsonb_array_elements(api.members_staff_progress() -> 'by_staff') s where s ->> 'staff_name' = 'SP1 Alpha'
    ),
    '§5.5: by database as well'
);
select is(
    (api.members_staff_progress(jsonb_build_object('database_id', 999999999)) -> 'overall') @> '{"assigned": 0, "quality_rate": 0.0, "check_progress": 0.0}', true,
    'case 34: nothing checked is 0'
);
select results_eq(
    $$
        select p.period, n #>> '{overall,in_period,records_checked}', n #>> '{overall,in_period,quality_rate}', n ->> 'date_from', n ->> 'date_to'
        from (
            values ('{"period": "today"}'::jsonb), ('{"period": "yesterday"}'), ('{"period": "last_7_days"}'),
                ('{"period": "custom", "date_from": "2031-03-08", "date_to": "2031-03-09"}'), ('{"period": "all_time"}')
        ) as f (filters)
        cross join lateral (select f.filters ->> 'period') as p (period)
        cross join lateral api.members_staff_progress(f.filters || jsonb_build_object('staff_id', tap.uid('sp1@alpha.test'))) n
    $$,
    $$
        values ('today', '2', '0.0', '2031-03-10', '2031-03-10'), ('yesterday', '3', '100.0', '2031-03-09', '2031-03-09'),
            ('last_7_days', '5', '60.0', '2031-03-04', '2031-03-10'), ('custom', '3', '100.0', '2031-03-08', '2031-03-09'),
            ('all_time', '5', '60.0', null, null)
    $$,
    'case 35, BF-39: a day is the organisation''s, and the later of both times counts'
);
select is(
    tests.faults_of(format($$ select api.members_staff_progress(%L) $$, f)), array[e], 'a period that is none'
)
from (
    values ('{"period": "soon"}', 'period period.unknown'), ('{"period": "custom", "date_from": "2031-03-02"}', 'date_from period.range'),
        ('{"period": "custom", "date_from": "2031-03-02", "date_to": "2031-03-01"}', 'date_from period.range')
) as t (f, e);
select results_eq(
    $$
        select f::text, jsonb_array_length(api.members_list_assignments(f) -> 'items')
        from unnest(array[
            '{}', '{"search": "sp1"}', '{"search": "%"}', '{"whatsapp_status": "none"}', '{"whatsapp_status": "ada", "respond_status": "ya"}'
        ]::jsonb[]) f
    $$,
    $$
        select f::text, n::integer
        from unnest(array[
            '{}', '{"search": "sp1"}', '{"search": "%"}', '{"whatsapp_status": "none"}', '{"whatsapp_status": "ada", "respond_status": "ya"}'
        ]::jsonb[], array[
            (select count(*) from api.v_assigned_records), 10, 0, (select count(*) from api.v_assigned_records where whatsapp_status is null), 3
        ]) as t (f, n)
    $$,
    '§5.5: all assignments, by name of staff and status'
);
select is(
    (api.members_list_assignments() #>> '{items,0,staff_name}') is not null, true, '§5.5: and whose they are'
);
select tests.become('stf@alpha.test');
select is(tests.error_of('select api.members_list_assignments()'), 'PT403 permission.denied', 'staff do not look at others''');
select is(tests.error_of('select api.members_staff_progress()'), 'PT403 permission.denied', 'nor at how far they are');
select tests.become('sm@alpha.test');
select is(
    (select count(*) || ' ' || min(s ->> 'staff_name') from jsonb_array_elements(api.members_staff_progress() -> 'by_staff') s), '1 SP1 Alpha',
    'a sales manager sees the own team'
);

-- Somebody goes (case 10)

select tests.become('adm@alpha.test');
select api.members_set_request_settings('{"enabled": false}');
select tests.become('stf@alpha.test');
select pg_temp.get('waiting', 'b', 2);
select tests.become('adm@alpha.test');
select is(
    api.app_delete_user(tap.uid('stf@alpha.test')) ->> 'user_id', 'a0000000-0000-4000-8000-000000000020', 'case 10: a staff is deleted'
);
select is(
    (select count(*) from api.records r where r.assigned_to = 'a0000000-0000-4000-8000-000000000020'), 0::bigint,
    'case 10, BF-6, LD-4: its records of all modules are released'
);
select results_eq(
    $$ select q.status from api.download_requests q where q.request_id = pg_temp.id('waiting') $$, array['rejected'], 'case 10: what it asked for is rejected'
);
select is(
    (
        select bool_and(c.total_records = c.available_count + c.requested_count + c.assigned_count + c.archived_count + c.excluded_count) and sum(c.requested_count) = 0
        from api.v_database_counts c
    ), true, 'case 10: the counts follow'
);

select * from finish();
rollback;
