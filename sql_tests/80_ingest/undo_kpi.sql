-- Files of entries, spend and activities of marketing that are taken back.

begin;
select plan(26);
\ir _files.psql
\ir _undo.psql
create function pg_temp.code(p_who text) returns text
language sql
security definer
as $$ select user_code from app.profiles where email = p_who || '@alpha.test' $$;
create function pg_temp.reach(p_who text, p_value text, p_day text default '2026-03-01', p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object('metric_key', 'DGO_REACH', 'entry_date', p_day, 'value', p_value, 'assignee', pg_temp.code(p_who), 'notes', '') || p_more
$$;
create function pg_temp.spent(p_day integer, p_amount text) returns jsonb
language sql
as $$ select jsonb_build_object('channel', 'SEM', 'spend_date', format('2026-03-%s', lpad(p_day::text, 2, '0')), 'amount', p_amount) $$;
create function pg_temp.did(p_name text, p_quantity text) returns jsonb
language sql
as $$ select jsonb_build_object('activity_name', p_name, 'activity_date', '2026-03-02', 'quantity', p_quantity) $$;
-- A table of a state without the rows of which a field has one of some values.
create function pg_temp.without(p_state jsonb, p_table text, p_key text, variadic p_ids text[]) returns jsonb
language sql
as $$
    select jsonb_set(p_state, array[p_table], (
        select coalesce(jsonb_agg(i order by i::text), 'null') from jsonb_array_elements(p_state -> p_table) i where i ->> p_key <> all (p_ids)
    ))
$$;

-- Entries: added and changed

select tests.become('mm@alpha.test');
select pg_temp.upload('first', 'kpi_entries', jsonb_build_array(
    pg_temp.reach('dgo', '1000'), pg_temp.reach('mc', '7', p_more => '{"notes": "all"}'), pg_temp.reach('vsdo', '3')
));
select is(pg_temp.done('first'), 'completed: 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'a file of entries');
select tests.become_owner();
insert into states select 'first', pg_temp.state('kpi');
select tests.become('mm@alpha.test');
select pg_temp.upload('second', 'kpi_entries', jsonb_build_array(
    pg_temp.reach('dgo', '1500'), pg_temp.reach('mc', '7', p_more => '{"notes": "some"}'), pg_temp.reach('vsdo', '3'),
    pg_temp.reach('dgo', '1', '2026-03-02'), pg_temp.reach('dgo', '2', '2026-03-03')
));
select is(pg_temp.done('second'), 'completed: 4 success, 0 error, 1 skipped, 0 duplicate, 0 pending', 'the next adds two and changes two');
select isnt((select s.state from states s where s.name = 'first'), pg_temp.state('kpi'), 'much has changed');
select tests.become('dgo@alpha.test');
select is(tests.error_of(format('select api.undo_import(%s)', pg_temp.id('second'))), 'PT404 import.not_found', 'case 125: nobody else of marketing takes it back');
select tests.become('sp1@alpha.test');
select is(tests.error_of(format('select api.undo_import(%s)', pg_temp.id('second'))), 'PT403 permission.denied', 'case 124: nor does sales');
select tests.become('mm@alpha.test');
select is(pg_temp.undone('second', 1), '2 removed, 2 restored, 0 refused', 'undo: what it added goes, what it changed is put back');
select tests.become_owner();
select is(pg_temp.state('kpi'), (select s.state from states s where s.name = 'first'), 'undo: every table is what it was, row by row');
select is(
    (
        select string_agg(concat_ws(' ', a.action, a.after_data ->> 'value', a.import_id = pg_temp.id('second')), ', ' order by a.audit_id)
        from app.audit_logs a
        where a.table_name = 'kpi.kpi_entries' and a.record_id = pg_temp.made('second', 2)
    ),
    'INSERT 1000.0000 f, UPDATE 1500.0000 t, UPDATE 1000.0000', 'all of it is on record'
);
select tests.become('mm@alpha.test');
select is(pg_temp.undone('second'), '2 removed, 2 restored, 0 refused', 'once more changes nothing');

-- With one of each edited since, and evidence for one

select pg_temp.upload('third', 'kpi_entries', jsonb_build_array(
    pg_temp.reach('dgo', '1600'), pg_temp.reach('mc', '8'), pg_temp.reach('vsdo', '4'),
    pg_temp.reach('dgo', '1', '2026-03-02'), pg_temp.reach('dgo', '2', '2026-03-03'), pg_temp.reach('dgo', '3', '2026-03-04')
));
select is(pg_temp.done('third'), 'completed: 6 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'three are added, three changed');
select isnt(api.kpi_update_entry(pg_temp.made('third', 5)::bigint, '{"value": 99}'), null, 'somebody corrects one that it added');
select tests.become_owner();
update kpi.kpi_entries e set notes = 'by hand' where e.entry_id = pg_temp.made('third', 3)::bigint;
insert into kpi.kpi_evidence (org_id, metric_key, user_id, entry_id, created_by)
select e.org_id, e.metric_key, e.assignee_user_id, e.entry_id, e.created_by
from kpi.kpi_entries e
where e.entry_id in (pg_temp.made('third', 6)::bigint, pg_temp.made('third', 4)::bigint);
select tests.become('mm@alpha.test');
select pg_temp.upload('fourth', 'kpi_entries', jsonb_build_array(pg_temp.reach('vsdo', '5')));
select is(pg_temp.done('fourth'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'and a later file changes another');
select is(pg_temp.undone('third', 2), '1 removed, 1 restored, 4 refused', 'undo: all but what somebody has touched since');
select is(
    pg_temp.left_alone('third'),
    '3 kpi.kpi_entries changed, 4 kpi.kpi_entries changed, 5 kpi.kpi_entries changed, 6 kpi.kpi_entries in_use',
    'by hand, by a later file, by hand, and by its evidence'
);
select results_eq(
    $$ select e.entry_date, trim_scale(e.value), e.notes, e.source_import_id from kpi.kpi_entries e order by e.assignee_user_id = tap.uid('dgo@alpha.test'), e.entry_date, e.value $$,
    $$ values
        ('2026-03-01'::date, 5::numeric, null, pg_temp.id('fourth')), ('2026-03-01', 8, 'by hand', pg_temp.id('third')),
        ('2026-03-01', 1000, null, pg_temp.id('first')), ('2026-03-02', 99, null, pg_temp.id('third')), ('2026-03-03', 2, null, pg_temp.id('third')) $$,
    'these are as people, and the later file, left them'
);

-- Two lines about one entry, between which another file changed it

select tests.become('mm@alpha.test');
select pg_temp.upload('twice', 'kpi_entries', jsonb_build_array(pg_temp.reach('dgo', '1', '2026-03-20'), pg_temp.reach('dgo', '2', '2026-03-20')));
select pg_temp.process('twice', 1);
select pg_temp.upload('between', 'kpi_entries', jsonb_build_array(pg_temp.reach('dgo', '9', '2026-03-20')));
select pg_temp.done('between');
select is(pg_temp.done('twice'), 'completed: 2 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'both lines came in');
select is(
    pg_temp.undone('twice', 1) || ': ' || pg_temp.left_alone('twice'), '0 removed, 0 restored, 1 refused: 2 kpi.kpi_entries changed',
    'what is left alone is so for both, and named once'
);

-- Spend

select tests.become('mm@alpha.test');
select isnt(api.kpi_add_spend(pg_temp.spent(1, '5') || '{"amount": 5}'), null, 'somebody records spend');
select tests.become_owner();
insert into states select 'spend', pg_temp.state('kpi');
select tests.become('mm@alpha.test');
select pg_temp.upload('spend', 'marketing_spend', jsonb_build_array(pg_temp.spent(2, '10'), pg_temp.spent(3, '-1'), pg_temp.spent(4, '20'), pg_temp.spent(5, '30')));
select pg_temp.done('spend');
select is(pg_temp.undone('spend', 2), '3 removed, 0 restored, 0 refused', 'a file of spend is taken back');
select tests.become_owner();
select is(pg_temp.state('kpi'), (select s.state from states s where s.name = 'spend'), 'undo: every table is what it was, row by row');
select tests.become('mm@alpha.test');
select pg_temp.upload('more spend', 'marketing_spend', jsonb_build_array(pg_temp.spent(2, '10'), pg_temp.spent(4, '20'), pg_temp.spent(5, '30')));
select pg_temp.done('more spend');
select api.kpi_update_spend(pg_temp.made('more spend', 3)::bigint, '{"amount": 21}');
select is(
    pg_temp.undone('more spend') || ': ' || pg_temp.left_alone('more spend'), '2 removed, 0 restored, 1 refused: 3 kpi.marketing_spend changed',
    'all but one that was corrected'
);
select tests.become_owner();
select is(
    pg_temp.without(pg_temp.state('kpi'), 'kpi.marketing_spend', 'spend_id', pg_temp.made('more spend', 3)),
    (select s.state from states s where s.name = 'spend'), 'undo: every other row is what it was'
);
select tests.become('mm@alpha.test');
select pg_temp.upload('spend again', 'marketing_spend', jsonb_build_array(pg_temp.spent(2, '10'), pg_temp.spent(4, '20'), pg_temp.spent(5, '30')));
select is(
    pg_temp.done('spend again') || ' | ' || pg_temp.reasons('spend again'),
    'completed: 2 success, 0 error, 1 skipped, 0 duplicate, 0 pending | 3 skipped import.row.unchanged', 'uploaded again, what stays is not counted twice'
);

-- Activities

select tests.become_owner();
insert into states select 'activities', pg_temp.state('kpi');
select tests.become('mc@alpha.test');
select pg_temp.upload('activities', 'marketing_activities', jsonb_build_array(pg_temp.did('Booth', '1'), pg_temp.did('Flyers', '500'), pg_temp.did('Talk', '2')));
select pg_temp.done('activities');
select tests.become('mm@alpha.test');
select is(pg_temp.undone('activities', 2), '3 removed, 0 restored, 0 refused', 'a file of activities is taken back, by the manager');
select tests.become_owner();
select is(pg_temp.state('kpi'), (select s.state from states s where s.name = 'activities'), 'undo: every table is what it was, row by row');
select tests.become('mc@alpha.test');
select pg_temp.upload('more activities', 'marketing_activities', jsonb_build_array(pg_temp.did('Booth', '1'), pg_temp.did('Flyers', '500')));
select pg_temp.done('more activities');
select api.kpi_update_marketing_activity(pg_temp.made('more activities', 3)::bigint, '{"quantity": 501}');
select is(
    pg_temp.undone('more activities') || ': ' || pg_temp.left_alone('more activities'),
    '1 removed, 0 restored, 1 refused: 3 kpi.marketing_activity_events changed', 'all but one that was corrected'
);

select * from finish();
rollback;
