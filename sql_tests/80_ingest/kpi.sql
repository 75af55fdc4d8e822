-- Files of entries, spend and activities of marketing.

begin;
select plan(27);
\ir _files.psql

create function pg_temp.may(p_who text, p_module text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return coalesce(tests.error_of(format('select pg_temp.upload(%L, %L, %L)', gen_random_uuid(), p_module, '[{"notes": "x"}]')), 'yes');
end
$$;
create function pg_temp.code(p_who text) returns text
language sql
security definer
as $$ select user_code from app.profiles where email = p_who || '@alpha.test' $$;
create function pg_temp.reach(p_who text, p_value text, p_day text default '2026-03-01', p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object('metric_key', 'DGO_REACH', 'entry_date', p_day, 'value', p_value, 'assignee', pg_temp.code(p_who)) || p_more
$$;

-- Who (case 124)

select is_empty(
    $$ select w, m, pg_temp.may(w, m)
       from unnest(array['dir', 'sm', 'sp1', 'ss', 'exi', 'fin', 'adm', 'stf']) w,
            unnest(array['kpi_entries', 'marketing_spend', 'marketing_activities']) m
       where pg_temp.may(w, m) <> 'PT403 permission.denied' $$,
    'case 124: nobody but marketing and super admins imports entries, spend and activities'
);
select is(
    array(select pg_temp.may(w, m) from unnest(array['sa', 'mad', 'mm', 'mc', 'vsdo']) w, unnest(array['kpi_entries', 'marketing_spend']) m),
    array_fill('yes'::text, array[10]), 'case 124: they do'
);

-- Entries (case 123)

select tests.become('mm@alpha.test');
select lives_ok(
    $$ select pg_temp.upload('first', 'kpi_entries', jsonb_build_array(
        pg_temp.reach('dgo', '1000'), pg_temp.reach('mc', '7', p_more => '{"notes": "all"}'), pg_temp.reach('sp1', '5'),
        pg_temp.reach('dgo', '5', p_more => '{"metric_key": "SALES_REVENUE"}'), pg_temp.reach('dgo', '5', p_more => '{"metric_key": "NONE"}'),
        pg_temp.reach('dgo', '5', '2026-04-01'), pg_temp.reach('dgo', '1.000,5', '1 March'), pg_temp.reach('dgo', '-1'),
        pg_temp.reach('dgo', '1000'), pg_temp.reach('dgo', '2000'),
        pg_temp.reach('dgo', '55.5', p_more => '{"metric_key": "DGO_ENGAGEMENT_RATE_PCT", "assignee": " "}')
    )) $$, 'a file of eleven rows'
);
select is(pg_temp.process('first', 9), 'processing: 2 success, 6 error, 0 skipped, 1 duplicate, 2 pending', 'nine of them');
select is(pg_temp.process('first'), 'completed: 3 success, 7 error, 0 skipped, 1 duplicate, 0 pending', 'all of them');
select is(
    pg_temp.reasons('first'),
    '4 error kpi_entry.assignee.unknown, 5 error kpi_entry.metric_key.auto, 6 error kpi.metric_key.unknown, '
    '7 error kpi_entry.entry_date.future, 8 error kpi_entry.entry_date.format+kpi_entry.value.format, 9 error kpi_entry.value.range, '
    '10 duplicate import.row.duplicate, 11 error kpi_entry.repeated',
    'case 123: each says why; an AUTO metric is a row''s error, another value of the same day as well'
);
select results_eq(
    $$ select metric_key, assignee_user_id, trim_scale(value), source, notes, created_by from api.kpi_entries order by entry_id $$,
    $$ values
        ('DGO_REACH', tap.uid('mc@alpha.test'), 7.0, 'IMPORTED', 'all', tap.uid('mm@alpha.test')),
        ('DGO_REACH', tap.uid('dgo@alpha.test'), 1000, 'IMPORTED', null, tap.uid('mm@alpha.test')),
        ('DGO_ENGAGEMENT_RATE_PCT', tap.uid('mm@alpha.test'), 55.5, 'IMPORTED', null, tap.uid('mm@alpha.test')) $$,
    'case 123: entries of DGO_REACH are IMPORTED; without anybody named they are the uploader''s'
);
select lives_ok(
    $$ select pg_temp.upload('second', 'kpi_entries', jsonb_build_array(
        pg_temp.reach('dgo', '1500'), pg_temp.reach('mc', '7', p_more => '{"notes": ""}'), pg_temp.reach('dgo', '1', '2026-03-02')
    )) $$, 'the next file'
);
select is(pg_temp.process('second'), 'completed: 2 success, 0 error, 1 skipped, 0 duplicate, 0 pending', 'case 123: one is new, one is changed, one as it was');
select is(
    (select string_agg(format('%s %s %s', entry_date, trim_scale(value), notes), ', ' order by entry_id) from api.kpi_entries where metric_key = 'DGO_REACH'),
    '2026-03-01 7 all, 2026-03-01 1500 , 2026-03-02 1 ', 'case 123: the same day is changed and not there twice; a blank cell keeps what is there'
);
select lives_ok($$ select pg_temp.upload('back', 'kpi_entries', jsonb_build_array(pg_temp.reach('dgo', '1000'))) $$, 'the old value once more');
select is(pg_temp.process('back'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'is a change, though the first file said it already');
select tests.become('sa@alpha.test');
select is(
    (
        select string_agg(concat_ws(' ', a.action, a.after_data ->> 'value', a.before_data ->> 'value'), ', ' order by a.audit_id)
        from api.audit_logs a
        join api.kpi_entries e on e.entry_id::text = a.record_id
        where a.table_name = 'kpi.kpi_entries' and e.assignee_user_id = tap.uid('dgo@alpha.test') and e.entry_date = '2026-03-01'
    ),
    'INSERT 1000.0000, UPDATE 1500.0000 1000.0000, UPDATE 1000.0000 1500.0000', 'case 100: all of it is on record'
);

-- Whose rights count

select tests.become('mc@alpha.test');
select lives_ok($$ select pg_temp.upload('own', 'kpi_entries', jsonb_build_array(pg_temp.reach('mc', '9', '2026-03-03'), pg_temp.reach('dgo', '9', '2026-03-03'))) $$, 'marcomm''s file');
select tests.become('dgo@alpha.test');
select is(tests.error_of($$ select pg_temp.process('own') $$), 'PT404 import.not_found', 'case 125: is nobody else''s of marketing');
select tests.become('mm@alpha.test');
select is(pg_temp.process('own'), 'completed: 1 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'processed by the manager it enters what marcomm may enter');
select is(pg_temp.reasons('own'), '3 error kpi_entry.assignee.unknown', 'and for nobody else');
select is(
    (select created_by from api.kpi_entries where entry_date = '2026-03-03'), tap.uid('mc@alpha.test'), 'in marcomm''s name'
);

-- Spend and activities

select lives_ok(
    $$ select pg_temp.upload('spend', 'marketing_spend', '[
        {"channel": "SEM", "spend_date": "2026-03-01", "amount": "1500000.50", "campaign_name": "Lebaran"},
        {"channel": "SEM", "spend_date": "2026-03-02", "amount": "0"},
        {"channel": "Radio", "spend_date": "2026-03-02", "amount": "10"},
        {"channel": "", "spend_date": "02/03/2026", "amount": "Rp 10"},
        {"channel": "SEM", "spend_date": "2026-03-02", "amount": "-1"},
        {"channel": "SEM", "spend_date": "2026-03-01", "amount": "1500000.5", "campaign_name": " Lebaran "}
    ]') $$, 'a file of spend'
);
select is(pg_temp.process('spend'), 'completed: 2 success, 3 error, 0 skipped, 1 duplicate, 0 pending', 'what is in order is there once');
select is(
    pg_temp.reasons('spend'),
    '4 error spend.channel.unknown, 5 error spend.amount.format+spend.channel.required+spend.spend_date.format, 6 error spend.amount.range, '
    '7 duplicate import.row.duplicate', 'and the others say why'
);
select results_eq(
    $$ select channel, spend_date, amount, campaign_name, created_by from api.marketing_spend order by spend_id $$,
    $$ values ('SEM', '2026-03-01'::date, 1500000.5, 'Lebaran', tap.uid('mm@alpha.test')), ('SEM', '2026-03-02', 0, null, tap.uid('mm@alpha.test')) $$,
    'as it was written'
);
select lives_ok(
    $$ select pg_temp.upload('more', 'marketing_spend', '[{"channel": "SEM", "spend_date": "2026-03-02", "amount": "0"}, {"channel": "SEM", "spend_date": "2026-03-03", "amount": "7"}]') $$,
    'the next file repeats a row'
);
select is(pg_temp.process('more'), 'completed: 1 success, 0 error, 1 skipped, 0 duplicate, 0 pending', 'which is not counted twice');
select lives_ok(
    $$ select pg_temp.upload('done', 'marketing_activities', '[
        {"activity_name": "social_post", "activity_date": "2026-03-01", "quantity": "3", "channel": "LinkedIn"},
        {"activity_name": "webinar", "activity_date": "2026-03-01", "quantity": "0"}
    ]') $$, 'a file of activities'
);
select is(pg_temp.process('done') || ' ' || pg_temp.reasons('done'), 'completed: 1 success, 1 error, 0 skipped, 0 duplicate, 0 pending 3 error marketing_activity.quantity.range', 'of which one is none');
select tests.become_owner();
select is((select count(*) from app.audit_logs where table_name like 'kpi.marketing%' and import_id is not null), 4::bigint, 'each row is on record with its file');

select * from finish();
rollback;
