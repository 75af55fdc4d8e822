-- Processing invalid records: one replacement for each, in the same batch, of the same product; never the first batch (BF-26).

begin;
select plan(29);
\ir _members.psql
select pg_temp.make_database('one', 'P1', 20);
select pg_temp.make_database('two', 'P2', 30);

select tests.become('adm@alpha.test');
select pg_temp.give('B1', 'one', 'stf@alpha.test', 5);
select pg_temp.give('B2', 'two', 'stf@alpha.test', 6);
select pg_temp.give('B3', 'two', 'stf@alpha.test', 4);
select pg_temp.give('other', 'two', 'stf2@alpha.test', 4);
select tests.become('stf@alpha.test');
select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', d, n, b), false)
from (values ('one', 2, 'B1'), ('two', 3, 'B2'), ('two', 1, 'B3')) as m (d, n, b);
select tests.become('stf2@alpha.test');
select pg_temp.mark('member_wd', pg_temp.records_of('stf2@alpha.test', 'two', 2, 'other'), false);

-- Each batch gets its own back (case 92)

select tests.become('mad@alpha.test');
select pg_temp.process('all', 'stf@alpha.test');
select is(
    (select a.answer - '{assignment_details,staff_id}'::text[] from answers a),
    '{"archived_count": 6, "new_assigned_count": 6, "skipped_reserved": 0, "shortage": 0, "message": "6 records archived and replaced."}',
    'case 92: six archived, six replaced'
);
select results_eq(
    $$
        select d.batch_id, d.database_name, d.product_name, d.invalid_count, d.replaced_count, d.shortage
        from answers a, jsonb_to_recordset(a.answer -> 'assignment_details') as d (
            batch_id bigint, database_name text, product_name text, invalid_count int, replaced_count int, shortage int
        )
        order by 1
    $$,
    format(
        $$ values (%s::bigint, 'one', 'P1', 2, 2, 0), (%s, 'two', 'P2', 3, 3, 0), (%s, 'two', 'P2', 1, 1, 0) $$,
        pg_temp.id('B1'), pg_temp.id('B2'), pg_temp.id('B3')
    ),
    'case 92, BF-26: batch by batch, from the database of each'
);
select results_eq(
    'select * from pg_temp.cards()', $$ values ('B1', 5::bigint), ('B2', 6), ('B3', 4), ('other', 4) $$,
    'case 92: every batch is as large as before'
);
select is_empty(
    $$
        select a.assignment_id
        from api.assignments a
        join api.assignments o on o.assignment_id = a.replaces_assignment_id
        where a.is_replacement
          and (a.batch_id, a.database_id, a.staff_id) is distinct from (o.batch_id, o.database_id, o.staff_id)
    $$,
    'seed 000: each replacement in the batch, database and hence product of the one it replaces'
);
select results_eq(
    $$ select count(*), count(distinct replaces_assignment_id) from api.assignments where is_replacement $$, $$ values (6::bigint, 6::bigint) $$,
    'LD-14: one for one'
);
select results_eq(
    $$ select assigned_to = tap.uid('stf@alpha.test'), batch_id is not null, count(*) from api.records where status = 'invalid_archived' group by 1, 2 $$,
    $$ values (true, true, 6::bigint) $$, 'case 95: archived records keep batch and assignee'
);
select is(
    (select count(*) from api.records r where r.validation_status = 'invalid' and r.status = 'assigned' and r.assigned_to = tap.uid('stf2@alpha.test')),
    2::bigint, 'another staff''s invalid records are not touched'
);
select results_eq(
    $$ select distinct entity_id, resolved_at is null from api.notifications where topic = 'memberwd_invalid' order by 2 $$,
    format($$ values (%L, false), (%L, true) $$, tap.uid('stf@alpha.test'), tap.uid('stf2@alpha.test')),
    'case 95: the staff''s alert is resolved, the other''s is open'
);
select is(
    tests.error_of($$ select pg_temp.process('again', 'stf@alpha.test') $$), 'PT404 records.none_invalid', 'case 94: nothing is left to process'
);

-- Only some batch

select tests.become('stf@alpha.test');
select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'two', 2, b), false) from unnest(array['B2', 'B3']) b;
select tests.become('adm@alpha.test');
select pg_temp.process('B3 only', 'stf@alpha.test', true, 'B3');
select is((select (a.answer ->> 'archived_count')::int from answers a where a.name = 'B3 only'), 2, 'one batch, when one is named');
select is(
    (select data ->> 'total_invalid' from api.notifications where topic = 'memberwd_invalid' and resolved_at is null and entity_id = tap.uid('stf@alpha.test')::text),
    '2', 'and the alert says how many are left'
);

-- Archive only (case 94)

select is(
    (
        select (api.members_process_invalid('member_wd', tap.uid('stf@alpha.test'), '{"auto_assign_quantity": 0}'))
            - '{assignment_details,staff_id}'::text[]
    ),
    '{"archived_count": 2, "new_assigned_count": 0, "skipped_reserved": 0, "shortage": 0, "message": "2 records archived."}',
    'case 94: quantity 0 archives only'
);
select results_eq(
    'select * from pg_temp.cards()', $$ values ('B1', 5::bigint), ('B2', 4), ('B3', 4), ('other', 4) $$, 'case 94: the batch shrinks'
);
select is(
    tests.error_of($$ select api.process_invalid_batch('00000000-0000-4000-8000-000000000000') $$), 'PT404 staff.not_found',
    'case 94: an unknown staff'
);
select is(
    tests.faults_of(format($$ select api.members_process_invalid('member_wd', %L, '{"auto_assign_quantity": -1}') $$, tap.uid('stf@alpha.test'))),
    array['auto_assign_quantity records.auto_assign_quantity.range'], 'a negative quantity'
);

-- Shortage (case 93): two has 1 left that is not reserved

select tests.become_owner();
select pg_temp.reserve(r.customer_id, 'P1', 'stf2@alpha.test')
from (
    select r.customer_id, row_number() over (order by r.record_id) as n
    from members.records r
    where r.database_id = pg_temp.id('two') and r.status = 'available'
) r
where r.n > 1;
select tests.become('stf@alpha.test');
select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'two', 3, 'B2'), false);
select tests.become('adm@alpha.test');
select pg_temp.process('short', 'stf@alpha.test');
select is(
    (select a.answer - '{assignment_details,staff_id,skipped_reserved}'::text[] from answers a where a.name = 'short'),
    '{"archived_count": 3, "new_assigned_count": 1, "shortage": 2, "message": "3 records archived, 1 replaced; 2 could not be replaced: no eligible record is left."}',
    'case 93: three archived, one replaced, shortage 2'
);
select is(
    (select (a.answer ->> 'skipped_reserved')::bigint from answers a where a.name = 'short'),
    (select c.excluded_count from api.v_database_counts c where c.database_id = pg_temp.id('two')),
    'case 93: and how many reserved ones were passed by'
);
select is(
    (select active from pg_temp.cards() where card = 'B2'), 2::bigint, 'case 93: the batch is two smaller'
);

-- Two products at once: neither takes from the other

select tests.become('stf@alpha.test');
select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', d, 2, b), false) from (values ('one', 'B1'), ('two', 'B2')) as m (d, b);
select tests.become('adm@alpha.test');
select pg_temp.process('two products', 'stf@alpha.test');
select results_eq(
    $$
        select d.database_name, d.replaced_count, d.shortage
        from answers a, jsonb_to_recordset(a.answer -> 'assignment_details') as d (database_name text, replaced_count int, shortage int)
        where a.name = 'two products'
        order by 1
    $$,
    $$ values ('one', 2, 0), ('two', 0, 2) $$,
    'seed 000: a shortage of one product is not filled from another'
);

-- The schema refuses what the functions would never do

select tests.become_owner();
insert into ids
select 'free', min(a.assignment_id)
from members.assignments a
where a.batch_id = pg_temp.id('B1') and a.ended_at is null;
insert into ids
select 'taken', min(a.replaces_assignment_id) from members.assignments a where a.batch_id = pg_temp.id('B1') and a.is_replacement;
select is(pg_temp.replacement('stf@alpha.test', 'B2', 'two', pg_temp.id('free')), '23503', 'another batch and database: refused by the schema');
select is(pg_temp.replacement('stf@alpha.test', 'B2', 'one', pg_temp.id('free')), '23503', 'a batch of another database: refused');
select is(pg_temp.replacement('stf2@alpha.test', 'B1', 'one', pg_temp.id('free')), '23503', 'another staff: refused');
select is(pg_temp.replacement('stf@alpha.test', 'B1', 'one', pg_temp.id('free')), null, 'the same batch: allowed');
select is(pg_temp.replacement('stf@alpha.test', 'B1', 'one', pg_temp.id('taken')), '23505', 'replaced already: refused');
select is(
    tests.error_of(format(
        'update members.records set batch_id = %s where batch_id = %s and status = ''assigned''', pg_temp.id('B2'), pg_temp.id('B1')
    )),
    '23503', 'a record cannot be moved to a batch of another database'
);

-- Who may

select tests.become('stf@alpha.test');
select is(
    tests.error_of($$ select pg_temp.process('staff', 'stf@alpha.test') $$), 'PT403 permission.denied', 'case 2: staff processes nothing'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of($$ select pg_temp.process('sm', 'stf2@alpha.test') $$), 'PT404 staff.not_found', 'a sales manager processes the own team alone'
);
select tests.become('dir@alpha.test');
select is(
    tests.error_of($$ select pg_temp.process('dir', 'stf2@alpha.test') $$), 'PT403 permission.denied', 'a director reads'
);
select tests.become('adm@beta.test');
select is(
    tests.error_of($$ select pg_temp.process('beta', 'stf2@alpha.test') $$), 'PT404 staff.not_found', 'another organisation''s staff is not there'
);

select * from finish();
rollback;
