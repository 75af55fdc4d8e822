-- A staff marks records; invalid ones are replaced at once where that is switched on, else wait for an admin.

begin;
select plan(34);
\ir _members.psql
select pg_temp.make_database('d', 'P1', 40);

select tests.become('adm@alpha.test');
select pg_temp.give('batch', 'd', 'stf@alpha.test', 10);
select pg_temp.give('others', 'd', 'stf2@alpha.test', 3);

-- Marks (case 87)

select tests.become('stf@alpha.test');
insert into answers
select 'valid', pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 2), true);
insert into answers
select 'invalid', pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 1, 'batch'), false, 'number is dead');
select results_eq(
    $$ select validation_status, validation_reason, validated_at, count(*) from api.records where validated_at is not null group by 1, 2, 3 order by 1 $$,
    $$
        values ('invalid', 'number is dead', timestamptz '2031-03-01 05:00:00+00', 1::bigint),
            ('validated', null, '2031-03-01 05:00:00+00', 2)
    $$,
    'case 87: validated and invalid, with reason and time'
);
select is(
    (select a.answer - '{details}'::text[] from answers a where a.name = 'invalid'),
    '{"status": "invalid", "updated_count": 1, "not_yours": [], "auto_replaced": 0, "replacement_failed": 0, "replacement_message": null}',
    'case 88: with auto-replace off nothing is replaced'
);
select tests.become_owner();
insert into ids select 'foreign', min(record_id) from members.records where assigned_to = tap.uid('stf2@alpha.test');
select tests.become('stf@alpha.test');
select is(
    tests.error_of($$ select pg_temp.mark('member_wd', array[pg_temp.id('foreign')], true) $$), 'PT404 records.not_found',
    'case 87: another staff''s records are not there'
);
select is(
    pg_temp.mark('member_wd', array[pg_temp.id('foreign'), (pg_temp.records_of('stf@alpha.test', 'd', 1))[1]], true) -> 'not_yours',
    to_jsonb(array[pg_temp.id('foreign')]), 'one''s own are marked, the others named'
);
select tests.become('stf2@alpha.test');
select is((select validation_status from api.records where record_id = pg_temp.id('foreign')), null, 'and stay as they are');
select tests.become('adm@alpha.test');
select is(
    tests.error_of($$ select pg_temp.mark('member_wd', '{1}', true) $$), 'PT403 permission.denied', 'case 87: admins do not validate'
);
select tests.become('mad@alpha.test');
select is(
    tests.error_of($$ select pg_temp.mark('member_wd', '{1}', true) $$), 'PT403 permission.denied', 'case 87: nor do master admins'
);
select tests.become('stf@alpha.test');
select is(
    tests.faults_of($$ select api.members_validate('member_wd', '{"record_ids": [], "is_valid": "yes", "reason": 5}') $$),
    array['is_valid records.is_valid.type', 'reason records.reason.type', 'record_ids records.record_ids.range'],
    'what is wrong is named, field by field'
);
select is(
    tests.faults_of(format($$ select api.members_validate('member_wd', '{"record_ids": %s, "is_valid": true}') $$, ids)),
    array['record_ids records.record_ids.type'], 'ids are ids: ' || ids
)
from unnest(array['["1"]', '[1.5]', '[-1]', '[null]', '5', '[1e30]']) ids;

-- Admins are told (case 88)

select tests.become_owner();
select results_eq(
    $$
        select p.email, n.topic, n.title, n.data ->> 'total_invalid', n.entity_id
        from app.notifications n
        join app.profiles p using (org_id, user_id)
        where n.topic = 'memberwd_invalid' and n.resolved_at is null
        order by 1
    $$,
    format(
        $$
            select e, 'memberwd_invalid', '1 invalid records wait to be processed', '1', %L
            from unnest(array['adm@alpha.test', 'mad@alpha.test', 'sa@alpha.test']) e
        $$, tap.uid('stf@alpha.test')
    ),
    'case 88, BF-42: whoever may process is told, master admins too, with the total'
);
select tests.become('stf@alpha.test');
select lives_ok(
    $$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 1), false) $$, 'another one'
);
select tests.become('adm@alpha.test');
select results_eq(
    $$ select data ->> 'total_invalid' from api.notifications where topic = 'memberwd_invalid' and resolved_at is null $$,
    $$ values ('2') $$, 'case 88: one open alert a staff, with the total of now'
);
select is(
    api.members_invalid_overview('member_wd') - 'items', '{"total_invalid": 2}', 'the overview has the same number'
);
select is(
    pg_temp.counts('d'), '27 available, 13 assigned, 0 archived, 0 excluded = 40, 0 in conflict', 'case 88: invalid rows stay with their staff'
);

-- Auto-replace (case 89)

select is(
    api.members_set_settings('member_wd', '{"auto_replace_invalid": true, "max_replacements_per_batch": 4}'),
    '{"auto_replace_invalid": true, "max_replacements_per_batch": 4}', 'switched on'
);
select is(
    api.members_get_settings('bonanza'), '{"auto_replace_invalid": false, "max_replacements_per_batch": 10}', 'for this module alone'
);
select tests.become('stf@alpha.test');
insert into answers
select 'replaced', pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 3), false);
select is(
    (select a.answer - '{details,not_yours}'::text[] from answers a where a.name = 'replaced'),
    '{"status": "invalid", "updated_count": 3, "auto_replaced": 3, "replacement_failed": 0, "replacement_message": null}',
    'case 89: three invalid, three replaced'
);
select results_eq(
    $$ select auto_replaced, cardinality(replaced_invalid_ids), batch_id, database_id, count(*) from api.records where auto_replaced and status = 'assigned' group by 1, 2, 3, 4 $$,
    format($$ values (true, 1, %s::bigint, %s::bigint, 3::bigint) $$, pg_temp.id('batch'), pg_temp.id('d')),
    'case 89, LD-14: into the same batch from the same database, each for exactly one'
);
select is(
    (select count(distinct i) from api.records r, unnest(r.replaced_invalid_ids) i where r.status = 'assigned'), 3::bigint,
    'case 89: for three different ones'
);
select is(
    (select b.current_count from api.batches b where b.batch_id = pg_temp.id('batch')), 10::bigint, 'case 89: the batch is as large as before'
);
select is(
    pg_temp.counts('d'), '24 available, 13 assigned, 3 archived, 0 excluded = 40, 0 in conflict', 'case 89: three are archived'
);
select is(
    (select count(*) from api.assignments a where a.is_replacement and a.assigned_by is null and a.replaces_assignment_id is not null),
    3::bigint, 'by the system'
);

-- The quota, of all replacements ever made in the batch (case 90 reserved; D-9)

insert into answers
select 'quota', pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 3), false);
select is(
    (select a.answer #>> '{details,0,reason}' || ' ' || (a.answer ->> 'auto_replaced') || ' ' || (a.answer ->> 'replacement_failed')
     from answers a where a.name = 'quota'),
    'limit reached 1 2', 'D-9: a fourth replacement is the last, the other two wait'
);
select results_eq(
    $$ select validation_status, count(*) from api.records where status = 'assigned' and validation_status = 'invalid' group by 1 $$,
    $$ values ('invalid', 4::bigint) $$, 'and stay assigned and invalid'
);

-- Supply (case 91, LD-13)

select tests.become_owner();
select pg_temp.make_database('e', 'P2', 5);
select tests.become('adm@alpha.test');
select pg_temp.give('short', 'e', 'stf@alpha.test', 3);
select tests.become_owner();
select pg_temp.reserve(r.customer_id, 'P1', 'stf2@alpha.test')
from members.records r
where r.database_id = pg_temp.id('e') and r.status = 'available'
order by r.record_id
limit 1;
select tests.become('stf@alpha.test');
insert into answers
select 'supply', pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'e', 3), false);
select is(
    (select a.answer #>> '{details,0,reason}' || ' ' || (a.answer ->> 'auto_replaced') || ' ' || (a.answer ->> 'replacement_failed')
     from answers a where a.name = 'supply'),
    'none available 1 2', 'case 91: one eligible is left, one is replaced, two stay'
);
insert into answers
select 'reserved only', pg_temp.mark(
    'member_wd', array(select r.record_id from api.records r where r.database_id = pg_temp.id('e') and r.auto_replaced and r.status = 'assigned'), false
);
select is(
    (select a.answer ->> 'auto_replaced' from answers a where a.name = 'reserved only'), '0',
    'case 91, LD-13: the only one left is reserved: nobody is replaced'
);

-- What is archived cannot be marked (case 87, LD-32)

select tests.become_owner();
insert into ids select 'archived', min(record_id) from members.records where status = 'invalid_archived';
select tests.become('stf@alpha.test');
select is(
    tests.error_of($$ select pg_temp.mark('member_wd', array[pg_temp.id('archived')], true) $$), 'PT404 records.not_found',
    'case 87, LD-32: an archived record is not changed'
);
select tests.become('adm@alpha.test');
select is(
    tests.faults_of($$ select api.members_set_settings('member_wd', '{"max_replacements_per_batch": 0, "x": 1}') $$),
    array['max_replacements_per_batch member_settings.max_replacements_per_batch.range', 'x member_settings.field.unknown'],
    'a setting out of range is refused with the range'
);
select tests.become('stf@alpha.test');
select is(tests.error_of($$ select api.members_set_settings('member_wd', '{}') $$), 'PT403 permission.denied', 'staff changes no settings');

select * from finish();
rollback;
