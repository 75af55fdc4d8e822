-- Targets: who sets them for whom, and that no two of them share a day.

begin;
select plan(50);
\ir _kpi.psql

create function pg_temp.tries(p_who text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return tests.error_of($q$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc')) $q$);
end
$$;

select results_eq(
    $$ select calc_method, count(*) from kpi.kpi_metric_definitions group by 1 order by 1 $$,
    $$ values ('AUTO', 31::bigint), ('IMPORTED', 2), ('MANUAL', 35) $$,
    'case 1: 68 metrics, 31 computed, 35 entered, 2 imported'
);
select is(
    (select string_agg(metric_key, ' ' order by metric_key) from kpi.kpi_metric_definitions where na_reason is not null),
    'MKT_REPORTING_FRESHNESS_SLA_PCT SALES_CYCLE_DAYS SALES_WIN_RATE', 'case 94: three of them cannot be computed at all'
);
select is(
    (select count(*) from kpi.kpi_metric_definitions d join app.roles r on r.role_key = d.owner_role where r.role_group <> d.metric_group),
    0::bigint, 'a metric belongs to the group of its owner''s role'
);
select is(
    (select string_agg(metric_key, ' ' order by metric_key) from kpi.kpi_metric_definitions where direction = 'LOWER_BETTER' and calc_method <> 'AUTO'),
    'DGO_PAID_SOCIAL_SPEND MARCOMM_SEM_SPEND VSDO_MEDIAN_TAT_DAYS VSDO_REVISION_RATE_PCT', 'of what is entered, four are better when lower'
);

-- Who may (case 86)

select tests.become('mm@alpha.test');
select lives_ok($$ select api.kpi_set_target(pg_temp.target('MARCOMM_LINKEDIN_POSTS', 'mc')) $$, 'case 86: a marketing manager sets marcomm a target');
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', 'sp1')) $$), 'PT403 permission.denied',
    'case 86: and none to a salesperson'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_LINKEDIN_POSTS', 'sp1')) $$), 'PT403 permission.denied',
    'case 86: of no metric'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', null)) $$), 'PT403 permission.denied',
    'a marketing manager sets the organisation no sales target'
);
select lives_ok($$ select api.kpi_set_target(pg_temp.target('MKT_LEADS_BY_CHANNEL', null)) $$, 'but one of marketing');

select tests.become('sm@alpha.test');
select lives_ok($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', 'sp1')) $$, 'case 86: a sales manager sets his salesperson a target');
select lives_ok($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', 'sm')) $$, 'and himself');
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', 'sp3')) $$), 'PT403 permission.denied',
    'case 86: and another manager''s none'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_LINKEDIN_POSTS', 'sp1')) $$), 'PT403 permission.denied',
    'a sales manager sets no marketing target'
);
select lives_ok($$ select api.kpi_set_target(pg_temp.target('SALES_DSO_DAYS', null)) $$, 'a sales manager sets the organisation a sales target');

select is(pg_temp.tries(w), 'PT403 permission.denied', format('case 86: %s sets none', w))
from unnest(array['mc', 'sp1', 'ss', 'exi', 'fin', 'dir', 'adm', 'stf']) w;
select tests.become_nobody();
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc')) $$), 'PT401 auth.required', 'nobody sets none'
);

-- What is wrong with it

select tests.become('sa@alpha.test');
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc', '2026-04-30', '2026-04-01')) $$),
    array['period_end kpi_target.period_end.range'], 'case 87: a period that ends before it begins'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc', '2026-02-30', '2026-13-01', -1) || '{"who": 1}') $$),
    array[
        'period_end kpi_target.period_end.type', 'period_start kpi_target.period_start.type',
        'target_value kpi_target.target_value.range', 'who kpi_target.field.unknown'
    ], 'days that are none, less than nothing, and what is no field: all at once'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc', p_value => 0.00001)) $$),
    array['target_value kpi_target.target_value.range'], 'more decimals than are kept'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc') || '{"assignee_user_id": ""}') $$),
    array['assignee_user_id kpi_target.assignee_user_id.type'], 'a blank is nobody, and not the organisation'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('NO_SUCH', 'mc')) $$),
    array['metric_key kpi.metric_key.unknown'], 'a metric that is none'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', null) || jsonb_build_object('assignee_user_id', tap.uid('sp1@beta.test'))) $$),
    array['assignee_user_id kpi_target.assignee_user_id.unknown'], 'another organisation''s person is nobody'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('SALES_REVENUE', 'mc')) $$),
    array['assignee_user_id kpi_target.assignee_user_id.other_group'], 'marketing is not measured by what is computed for sales'
);
select is(
    tests.faults_of($$ select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc', p_value => 0)) $$),
    array['target_value kpi_target.target_value.range'], 'nothing is no target where more is better'
);
select lives_ok($$ select api.kpi_set_target(pg_temp.target('VSDO_REVISION_RATE_PCT', 'vsdo', p_value => 0)) $$, 'but is where less is better');

-- Overlap (cases 84, 85; decision D5)

select lives_ok(
    $$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'dgo', '2026-01-01', '2026-01-31')) $$, 'January'
);
select lives_ok(
    $$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'dgo', '2026-02-01', '2026-02-28')) $$, 'case 84: February begins the day after'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'dgo', '2026-01-31', '2026-01-31')) $$),
    'PT409 kpi_target.period.overlap', 'case 84: one day of overlap is refused'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'dgo', '2026-01-01', '2026-03-31')) $$),
    'PT409 kpi_target.period.overlap', 'D5: a quarter around its months is refused'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'dgo', '2026-01-10', '2026-01-20')) $$),
    'PT409 kpi_target.period.overlap', 'D5: a week inside a month is refused'
);
select lives_ok(
    $$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', 'mc', '2026-01-01', '2026-01-31')) $$, 'another person''s is another'
);
select lives_ok(
    $$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', null, '2026-01-01', '2026-01-31')) $$, 'and so is the organisation''s'
);
select is(
    tests.error_of($$ select api.kpi_set_target(pg_temp.target('DGO_SOCIAL_POSTS', null, '2026-01-15', '2026-02-15')) $$),
    'PT409 kpi_target.period.overlap', 'case 85, P27: which has one at a time as well'
);

-- Change and removal (cases 100, 101)

insert into ids select 'mc', target_id from api.kpi_targets where metric_key = 'MARCOMM_LINKEDIN_POSTS';
insert into ids select 'feb', target_id from api.kpi_targets where metric_key = 'DGO_SOCIAL_POSTS' and period_start = '2026-02-01';
select tests.become('mm@alpha.test');
select is(
    (api.kpi_update_target((select id from ids where name = 'mc'), '{"target_value": 12.5}') ->> 'target_value')::numeric, 12.5,
    'a marketing manager changes the value'
);
select is(
    tests.error_of($$ select api.kpi_update_target((select id from ids where name = 'feb'), '{"period_start": "2026-01-31"}') $$),
    'PT409 kpi_target.period.overlap', 'but not into the period before'
);
select is(
    tests.error_of($$ update kpi.kpi_targets set period_start = '2026-01-31' where target_id = (select id from ids where name = 'feb') $$),
    '23P01', 'P27: directly neither'
);
select tests.become('dir@alpha.test');
select is((select count(*) from api.kpi_targets), 10::bigint, 'case 101: a director reads all targets');
select is(
    tests.error_of($$ select api.kpi_update_target((select id from ids where name = 'mc'), '{"target_value": 1}') $$), 'PT403 permission.denied',
    'case 101: and changes none'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of($$ select api.kpi_update_target((select id from ids where name = 'mc'), '{"target_value": 1}') $$), 'PT404 kpi_target.not_found',
    'what a sales manager does not see is not there'
);
select is(
    tests.error_of($$ select api.kpi_delete_target((select id from ids where name = 'mc')) $$), 'PT403 permission.denied', 'nor removes'
);
select tests.become('sa@beta.test');
select is(
    tests.error_of($$ select api.kpi_delete_target((select id from ids where name = 'mc')) $$), 'PT404 kpi_target.not_found',
    'another organisation''s administrator removes nothing'
);
select tests.become('sa@alpha.test');
select lives_ok($$ select api.kpi_delete_target((select id from ids where name = 'feb')) $$, 'one''s own does');
select results_eq(
    $$ select action, changed_by, before_data ->> 'target_value', after_data ->> 'target_value'
       from api.audit_logs
       where table_name = 'kpi.kpi_targets' and record_id in (select id::text from ids)
       order by audit_id $$,
    $$ values
        ('INSERT', tap.uid('mm@alpha.test'), null, '10.0000'), ('INSERT', tap.uid('sa@alpha.test'), null, '10.0000'),
        ('UPDATE', tap.uid('mm@alpha.test'), '10.0000', '12.5000'), ('DELETE', tap.uid('sa@alpha.test'), '10.0000', null) $$,
    'case 100: who changed what is on record'
);

select * from finish();
rollback;
