-- Records come back: recalled, restored, deleted for good; and a database goes with all it holds.

begin;
select plan(50);
\ir _members.psql
select pg_temp.make_database('d', 'P1', 12);
select pg_temp.make_database('x', 'P2', 6);

select tests.become('adm@alpha.test');
select pg_temp.give('B1', 'd', 'stf@alpha.test', 4);
select pg_temp.give('B2', 'd', 'stf@alpha.test', 2);
select pg_temp.give('other', 'd', 'stf2@alpha.test', 2);
select tests.become('stf@alpha.test');
select lives_ok(
    $$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 2, 'B1'), false, 'dead') $$, 'two of the first batch are invalid'
);
select lives_ok($$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 1, 'B2'), false) $$, 'one of the second');

-- A conflict is a flag (case 99, BF-16)

select tests.become_owner();
update members.records set is_reservation_conflict = true
where record_id = (pg_temp.records_of('stf@alpha.test', 'd', 1, 'B1'))[1]
   or record_id = (select min(r.record_id) from members.records r where r.batch_id = pg_temp.id('B1') and r.validation_status is null);
select tests.become('adm@alpha.test');
select is(
    pg_temp.counts('d'), '4 available, 8 assigned, 0 archived, 0 excluded = 12, 1 in conflict',
    'case 99, BF-16: a conflict leaves the record assigned and is counted by itself'
);
select tests.become_owner();
select is(
    tests.error_of('update members.records set is_reservation_conflict = true where status = ''available'''), '23514',
    'case 99: only assigned records are in conflict'
);

-- Recall

select tests.become('adm@alpha.test');
insert into ids select 'free', min(r.record_id) from api.records r where r.status = 'available';
insert into answers
select 'recalled', api.members_recall('member_wd', jsonb_build_object(
    'record_ids', (
        select jsonb_agg(r.record_id) from api.records r where r.batch_id in (pg_temp.id('B2'), pg_temp.id('other')) or r.record_id = pg_temp.id('free')
    )
));
select is(
    (select a.answer from answers a where a.name = 'recalled'),
    jsonb_build_object('recalled_count', 4, 'closed_batch_ids', to_jsonb(array[pg_temp.id('B2'), pg_temp.id('other')])),
    'recall: what is assigned comes back, what is not is ignored, empty batches close'
);
select results_eq('select * from pg_temp.cards()', $$ values ('B1', 4::bigint) $$, 'recall: and are nobody''s cards');
select is(
    pg_temp.counts('d'), '8 available, 4 assigned, 0 archived, 0 excluded = 12, 1 in conflict', 'recall: the counts follow'
);
select results_eq(
    $$
        select r.batch_id, r.assigned_to, r.assigned_at, r.validation_status, r.validated_at, count(*)
        from api.records r join api.assignments a using (record_id)
        where a.outcome = 'recalled'
        group by 1, 2, 3, 4, 5
    $$,
    $$ values (null::bigint, null::uuid, null::timestamptz, null::text, null::timestamptz, 4::bigint) $$,
    'recall, LD-15: nothing of the assignment is left on them, the history says what happened'
);
select is(
    (select (data ->> 'total_invalid') from api.notifications where topic = 'memberwd_invalid' and resolved_at is null),
    '2', 'recall: an invalid record that came back waits for nobody'
);
select is(
    tests.error_of(format($$ select api.members_recall('member_wd', '{"record_ids": [%s]}') $$, pg_temp.id('free'))),
    'PT404 records.not_found', 'recall: none assigned'
);
select is(
    tests.faults_of($$ select api.members_recall('member_wd', '{"record_ids": []}') $$),
    array['record_ids records.record_ids.range'], 'recall: an empty list'
);
select lives_ok(
    format($$ select api.members_assign_random('member_wd', %L) $$, pg_temp.payload('d', 'stf2@alpha.test', 8)), 'they can be handed out again'
);
select lives_ok(
    $$
        select api.members_recall('member_wd', jsonb_build_object('record_ids', (
            select jsonb_agg(r.record_id) from api.records r where r.assigned_to = tap.uid('stf2@alpha.test')
        )))
    $$, 'and come back again'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of($$
        select api.members_recall('member_wd', jsonb_build_object('record_ids', jsonb_build_array(pg_temp.id('free'))))
    $$), 'PT404 records.not_found', 'a sales manager recalls from the own team alone'
);
select tests.become('stf@alpha.test');
select is(
    tests.error_of(format($$ select api.members_recall('member_wd', '{"record_ids": [%s]}') $$, pg_temp.id('free'))),
    'PT403 permission.denied', 'staff recalls nothing'
);

-- Archive, restore, delete (case 98)

select tests.become('adm@alpha.test');
select pg_temp.process('two', 'stf@alpha.test');
insert into ids select 'archived ' || row_number() over (order by r.record_id), r.record_id from api.records r where r.status = 'invalid_archived';
select is(
    (select jsonb_path_query_array(api.members_list_archived('member_wd'), '$.databases[*].archived_count')), '[2]',
    'archived records are listed by database'
);
select results_eq(
    $$
        select p.name, jsonb_array_length(api.members_list_archived('member_wd', null, 50, null, p.product_id) -> 'items')
        from api.products p order by 1
    $$,
    $$ values ('P1', 2), ('P2', 0) $$, 'archived records of one product'
);
select is(
    api.members_restore('member_wd', jsonb_build_object('record_ids', jsonb_build_array(pg_temp.id('archived 1'), pg_temp.id('free')))),
    '{"restored_count": 1}', 'case 98: what is archived is restored, the rest ignored'
);
select results_eq(
    format('select status, batch_id, assigned_to, validation_status, archived_at from api.records where record_id = %s', pg_temp.id('archived 1')),
    $$ values ('available', null::bigint, null::uuid, null::text, null::timestamptz) $$,
    'case 98, LD-15: available, without batch or marks'
);
select is(
    tests.error_of(format($$ select api.members_delete_archived('member_wd', '{"record_ids": [%s]}') $$, pg_temp.id('archived 1'))),
    'PT404 records.not_found', 'case 98: only archived records can be deleted'
);
select is(
    api.members_delete_archived('member_wd', jsonb_build_object('record_ids', jsonb_build_array(pg_temp.id('archived 2')))),
    '{"deleted_count": 1}', 'case 98: deleted for good'
);
select is((select count(*) from api.records where record_id = pg_temp.id('archived 2')), 0::bigint, 'case 98: it is gone');
select is(
    (select count(*) from api.assignments a where a.is_replacement), 2::bigint, 'D-9: what replaced it still counts as a replacement'
);
select is(
    pg_temp.counts('d'), '7 available, 4 assigned, 0 archived, 0 excluded = 11, 1 in conflict', 'the counts follow'
);

-- Dismiss (case 97)

select tests.become_owner();
update members.records set validation_status = 'invalid'
where record_id = (select min(r.record_id) from members.records r where r.status = 'available' and r.module = 'member_wd');
select tests.become('stf@alpha.test');
select lives_ok($$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 1), false) $$, 'an alert');
select tests.become('adm@alpha.test');
select is(
    api.members_dismiss_alerts('member_wd'), '{"cleared_count": 1, "resolved_count": 3}',
    'case 97: marks on records that nobody has are cleared, open alerts of all admins resolved'
);
select is(
    api.members_dismiss_alerts('member_wd'), '{"cleared_count": 0, "resolved_count": 0}', 'case 97: once more changes nothing'
);
select is(
    (select count(*) from api.records where status = 'assigned' and validation_status = 'invalid'), 1::bigint,
    'case 97: what is with a staff keeps its mark'
);

select is(
    (select array_agg((r ->> 'assigned_to')::uuid) from jsonb_array_elements(api.members_invalid_records('member_wd', tap.uid('stf@alpha.test')) -> 'items') r),
    array[tap.uid('stf@alpha.test')], '§5.10: and its rows can be looked at'
);
select results_eq(
    $$ select p.name, api.members_invalid_overview('member_wd', p.product_id) ->> 'total_invalid' from api.products p order by 1 $$,
    $$ values ('P1', '1'), ('P2', '0') $$, '§5.10: invalid records of one product'
);
select tests.become('stf@alpha.test');
select results_eq(
    $$
        select v, jsonb_array_length(api.members_staff_records('member_wd', null, null, v) -> 'items')
        from unnest(array['invalid', 'none', null]) v
    $$,
    $$
        select v, (select count(*)::integer from api.records r where r.assigned_to = tap.uid('stf@alpha.test') and r.status = 'assigned' and (v is null or coalesce(r.validation_status, 'none') = v))
        from unnest(array['invalid', 'none', null]) v
    $$,
    '§5.10: one''s own records, by mark'
);
select is(
    jsonb_array_length(api.members_staff_records('member_wd', (select p.product_id from api.products p where p.name = 'P2')) -> 'items'), 0,
    '§5.10: and by product'
);
select is(
    (api.members_staff_records('member_wd', null, null, null, 1) #>> '{items,0,whatsapp_link}') ~ '^https://wa.me/', true, '§3.7: with the link'
);
select tests.become('adm@alpha.test');

-- The badge (case 155)

select is(api.members_badges(), '{"normal": 0, "memberwd": 0, "bonanza": 0}', 'case 155: an admin has none');
select tests.become('stf2@alpha.test');
select is(api.members_mark_viewed('{"page": "memberwd"}'), '{"page": "memberwd", "count": 0}', 'case 155: looked at');
select is(
    tests.faults_of($$ select api.members_mark_viewed('{"page": "omset"}') $$), array['page badges.page.unknown'], 'case 155: no such page'
);
select tests.become_owner();
update app.clock set frozen_at = frozen_at + interval '1 hour';
select tests.become('adm@alpha.test');
select pg_temp.give('B8', 'x', 'stf2@alpha.test', 2);
select tests.become('stf2@alpha.test');
select is(api.members_badges() ->> 'memberwd', '2', 'case 155: what came since is counted');
select api.members_mark_viewed('{"page": "memberwd"}');
select is(api.members_badges() ->> 'memberwd', '0', 'case 155: until one looks again');
select tests.become('mm@alpha.test');
select is(tests.error_of('select api.members_badges()'), 'PT403 permission.denied', 'who has nothing to do with members has no badge');
select tests.become('adm@alpha.test');

-- A database goes (case 101, LD-16)

select pg_temp.give('B9', 'x', 'stf@alpha.test', 3);
select is(
    tests.error_of(format($$ select api.members_delete_database(%L, %s) $$, m, pg_temp.id('x'))), 'PT404 database.not_found',
    'only under its own module: ' || m
)
from unnest(array['bonanza', 'normal']) m;
select is(
    api.members_delete_database('member_wd', pg_temp.id('x')), jsonb_build_object('database_id', pg_temp.id('x')), 'case 101: deleted'
);
select is(
    (select count(*) from api.databases where name = 'x') + (select count(*) from api.records where database_id = pg_temp.id('x'))
    + (select count(*) from api.batches where database_id = pg_temp.id('x')),
    0::bigint, 'case 101: nobody sees it, its records and batches any more'
);
select tests.become('stf@alpha.test');
select is(
    (select count(*) from jsonb_array_elements(api.members_staff_batches('member_wd') -> 'items') c where (c ->> 'database_id')::bigint = pg_temp.id('x')),
    0::bigint, 'case 101: neither does its staff'
);
select tests.become_owner();
select results_eq(
    $$ select kind, ref_id, state from app.job_queue where org_id = pg_temp.alpha() $$,
    format($$ values ('members.purge_database', %s::bigint, 'waiting') $$, pg_temp.id('x')), 'case 101: a job is ordered'
);
select is(members.purge_database(pg_temp.alpha(), pg_temp.id('d')), false, 'the purge leaves live databases alone');
select is(
    array[
        members.purge_database(pg_temp.alpha(), pg_temp.id('x'), 4), members.purge_database(pg_temp.alpha(), pg_temp.id('x'), 4),
        members.purge_database(pg_temp.alpha(), pg_temp.id('x'), 4)
    ],
    array[true, true, false], 'case 101: a job removes it in chunks'
);
select is(
    app.do_queued_job(pg_temp.alpha(), 'members.purge_database', pg_temp.id('x'), '{}'), false, 'case 101: which can be repeated'
);
select is(
    (select count(*) from members.records where database_id = pg_temp.id('x'))
    + (select count(*) from members.batches where database_id = pg_temp.id('x'))
    + (select count(*) from members.assignments where database_id = pg_temp.id('x'))
    + (select count(*) from members.databases where database_id = pg_temp.id('x')),
    0::bigint, 'case 101, LD-16: records, assignments and batches too'
);
select results_eq(
    format(
        $$ select action, (after_data ->> 'records')::int, changed_by from app.audit_logs where table_name = 'members.records' and action = 'DELETE' and record_id = %L order by audit_id $$,
        pg_temp.id('x')
    ),
    format($$ values ('DELETE', 4, %1$L::uuid), ('DELETE', 2, %1$L) $$, tap.uid('adm@alpha.test')),
    'decisions §3: with one audit entry a chunk, in the name of who deleted it'
);

select * from finish();
rollback;
