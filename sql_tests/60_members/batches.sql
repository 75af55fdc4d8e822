-- What a staff sees: cards with records and counts of now. DB Bonanza does the same by database (§5.16).

begin;
select plan(35);
set local track_functions = 'all';
\ir _members.psql
select pg_temp.make_database('d', 'P1', 30);
select pg_temp.make_database('e', 'P2', 10);
select pg_temp.make_database('z', 'P1', 20, 'bonanza');
select pg_temp.make_database('y', 'P2', 10, 'bonanza');

-- Cards (case 100)

select tests.become('adm@alpha.test');
select pg_temp.give('B1', 'd', 'stf@alpha.test', 5);
select pg_temp.give('B2', 'e', 'stf@alpha.test', 3);
select pg_temp.give('other', 'd', 'stf2@alpha.test', 4);
select tests.become('stf@alpha.test');
select lives_ok($$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 2), true) $$, 'two valid');
select lives_ok($$ select pg_temp.mark('member_wd', pg_temp.records_of('stf@alpha.test', 'd', 1), false, 'dead') $$, 'one invalid');
select results_eq(
    $$
        select
            c.batch_id, c.database_name, c.product_name, c.initial_count, c.current_count, c.active_count, c.validated_count,
            c.invalid_count, c.unvalidated_count, jsonb_array_length(c.records)
        from jsonb_to_recordset(api.members_staff_batches('member_wd') -> 'items') as c (
            batch_id bigint, database_name text, product_name text, initial_count int, current_count int, active_count int,
            validated_count int, invalid_count int, unvalidated_count int, records jsonb
        )
    $$,
    format(
        $$ values (%s::bigint, 'e', 'P2', 3, 3, 3, 0, 0, 3, 3), (%s, 'd', 'P1', 5, 5, 5, 2, 1, 2, 5) $$, pg_temp.id('B2'), pg_temp.id('B1')
    ),
    'case 100: own cards, newest first; validated + invalid + unvalidated = active'
);
select is(
    (
        select r.value - '{record_id,row_number,row_data,customer_id,customer_name,phone,assigned_at,assigned_by,validated_at,created_at,whatsapp_link}'::text[]
        from jsonb_path_query(api.members_staff_batches('member_wd'), '$.items[1].records[*] ? (@.validation_status == "invalid")') as r (value)
    ),
    '{"status": "assigned", "validation_status": "invalid", "validation_reason": "dead", "auto_replaced": false, "replaced_invalid_ids": [], "archived_at": null, "archived_by": null, "is_reservation_conflict": false}',
    'seed 000: a record with the names that screens know'
);
select is(
    (api.members_staff_batches('member_wd') #>> '{items,0,records,0,whatsapp_link}') ~ '^https://wa.me/62840[0-9]+$', true,
    '§3.7: and the link by which the member is written to'
);
insert into answers select 'before', to_jsonb(pg_stat_get_xact_function_calls('members.calling_code()'::regprocedure));
insert into answers select 'page', api.members_staff_batches('member_wd');
select is(
    pg_stat_get_xact_function_calls('members.calling_code()'::regprocedure)
    - (select a.answer::bigint from answers a where a.name = 'before'),
    1::bigint, 'what all links have in common is looked up once for a page, not for each of its records'
);
select is(
    members.whatsapp_link(phone, '62'), link, format('§3.7, D-1: the link of %s', coalesce(phone, 'nothing'))
)
from (
    values
        ('wa.me/6281234?text=hi', 'https://wa.me/6281234'), ('https://wa.me/+62 812-34', 'https://wa.me/+6281234'),
        ('0812 34', 'https://wa.me/6281234'), ('', null), (null, null)
) as t (phone, link);
select is(
    jsonb_array_length(api.members_staff_batches('member_wd', (select p.product_id from api.products p where p.name = 'P2')) -> 'items'), 1,
    'cards of one product'
);
select is(
    api.members_rename_batch('member_wd', pg_temp.id('B1'), '{"custom_name": " Monday "}'),
    jsonb_build_object('batch_id', pg_temp.id('B1'), 'custom_name', 'Monday'), 'a card has a name of one''s own'
);
select is(
    tests.error_of(format($$ select api.members_rename_batch('member_wd', %s, '{"custom_name": "mine"}') $$, pg_temp.id('other'))),
    'PT404 batch.not_found', 'case 100: another staff''s card is not there'
);
select is((select count(*) from api.batches where batch_id = pg_temp.id('other')), 0::bigint, 'case 11: in no view either');
select is((select count(*) from api.records where assigned_to <> tap.uid('stf@alpha.test')), 0::bigint, 'case 11: nor are its records');

-- Pages of cards

select results_eq(
    $$
        with recursive page (answer, n) as (
            select api.members_staff_batches('member_wd', null, 1), 1
            union all
            select api.members_staff_batches('member_wd', null, 1, p.answer -> 'next'), n + 1
            from page p
            where p.answer -> 'next' <> 'null' and n < 10
        )
        select (p.answer #>> '{items,0,batch_id}')::bigint from page p order by n
    $$,
    format('values (%s::bigint), (%s)', pg_temp.id('B2'), pg_temp.id('B1')),
    'page by page, each card once'
);
select tests.become('adm@alpha.test');
select is(
    tests.error_of($$ select api.members_staff_batches('member_wd') $$), 'PT403 permission.denied', 'cards are the staff''s own'
);

-- DB Bonanza: the same without batches (cases 110, 111; BF-34)

select is(
    (api.members_assign_random('bonanza', pg_temp.payload('z', 'stf@alpha.test', 6)) - '{staff_id,database_id}'::text[]),
    '{"batch_id": null, "database_name": "z", "assigned_count": 6, "total_reserved_in_db": 0, "remaining_eligible": 14}',
    'case 110: handed out without a batch'
);
select is(
    tests.error_of(format($$ select api.members_assign_random('bonanza', %L) $$, pg_temp.payload('z', 'stf@alpha.test', 1, jsonb_build_object('batch_id', pg_temp.id('B1'))))),
    'PT422 records.batch_id.not_allowed', 'case 110: nor into one'
);
select is(
    (api.members_assign_random('bonanza', pg_temp.payload('y', 'stf@alpha.test', 2)) ->> 'assigned_count'), '2', 'case 110: of another database too'
);
select is(
    api.members_set_settings('bonanza', '{"auto_replace_invalid": true, "max_replacements_per_batch": 3}'),
    '{"auto_replace_invalid": true, "max_replacements_per_batch": 3}', 'case 110: its own settings'
);
select tests.become('stf@alpha.test');
insert into answers
select 'bonanza', pg_temp.mark('bonanza', pg_temp.records_of('stf@alpha.test', 'z', 2), false);
insert into answers
select 'bonanza quota', pg_temp.mark('bonanza', pg_temp.records_of('stf@alpha.test', 'z', 2), false);
insert into answers
select 'bonanza other', pg_temp.mark('bonanza', pg_temp.records_of('stf@alpha.test', 'y', 1), false);
select results_eq(
    $$ select a.name, (a.answer ->> 'auto_replaced')::int, a.answer #>> '{details,0,reason}' from answers a where a.name like 'bonanza%' order by 1 $$,
    $$ values ('bonanza', 2, null), ('bonanza other', 1, null), ('bonanza quota', 1, 'limit reached') $$,
    'case 110: replaced from the same database; the quota is per staff and database'
);
select is_empty(
    $$
        select r.record_id from api.records r join api.assignments a using (record_id) join api.assignments o on o.assignment_id = a.replaces_assignment_id
        where a.is_replacement and a.database_id <> o.database_id
    $$,
    'case 110: each for one of its own database'
);
select is(
    (
        select jsonb_object_agg(c.database_name, c.active_count)
        from jsonb_to_recordset(api.members_staff_batches('bonanza') -> 'items') as c (database_name text, active_count int, batch_id bigint)
    ),
    '{"z": 6, "y": 2}', 'case 110: cards by database, as large as before'
);
select tests.become('adm@alpha.test');
select is(
    (select a - '{assignment_details,staff_id,skipped_reserved}'::text[] from api.process_invalid_batch(tap.uid('stf@alpha.test'), 'bonanza') a),
    '{"archived_count": 1, "new_assigned_count": 1, "shortage": 0, "message": "1 records archived and replaced."}',
    'case 110: an admin processes what was left'
);
select is(
    (select count(*) from api.records where module = 'member_wd' and status = 'invalid_archived'), 0::bigint,
    'case 111: Member WD is not touched by it'
);
select is(
    tests.error_of(format($$ select api.process_invalid_batch(%L) $$, tap.uid('stf2@alpha.test'))), 'PT404 records.none_invalid',
    'case 111: nor the other way round'
);
select results_eq(
    $$ select topic from api.notifications where topic like '%invalid' group by 1 order by 1 $$,
    array['bonanza_invalid', 'memberwd_invalid'], 'case 111: alerts tell the modules apart'
);

-- Databases as lists show them (cases 17, 86)

select results_eq(
    $$
        select d.name, d.available_count, d.assigned_count, d.archived_count, d.excluded_count, d.total_records
        from jsonb_to_recordset(api.members_list_databases('bonanza') -> 'items') as d (
            name text, available_count int, assigned_count int, archived_count int, excluded_count int, total_records int
        )
    $$,
    $$ values ('y', 7, 2, 1, 0, 10), ('z', 10, 6, 4, 0, 20) $$,
    'case 86: available = total - assigned - archived - excluded, exactly; newest first'
);
select tests.become_owner();
insert into members.databases (org_id, module, name, file_name, columns) values (pg_temp.alpha(), 'normal', 'old', 'old.csv', '{a}');
select tests.become('stf@alpha.test');
select is(
    api.members_list_databases('normal') #>> '{items,0,product_name}', 'Unknown', 'case 17: without a product it is of Unknown'
);
select is(
    (api.members_list_databases('bonanza', null, '%') -> 'items'), '[]', 'a percent sign is looked for literally'
);
select is(
    jsonb_array_length(api.members_list_databases('bonanza', null, 'Y') -> 'items'), 1, 'names are found in any case of letters'
);
select is(
    tests.error_of(format($$ select api.members_get_database('bonanza', %s) $$, pg_temp.id('d'))), 'PT404 database.not_found',
    'a database is there under its own module'
);
select is(
    jsonb_array_length(api.members_list_records('member_wd', pg_temp.id('d')) -> 'items'), 5, 'of its records staff lists its own'
);

select * from finish();
rollback;
