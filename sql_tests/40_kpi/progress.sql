-- Entries, evidence, and how much of a target is reached.

begin;
select plan(62);
\ir _kpi.psql

create temporary table answers (answer jsonb) on commit drop;
grant insert on answers to public;
create temporary table some_targets (like kpi.kpi_targets) on commit drop;
grant select, insert on some_targets to public;

create function pg_temp.actual_error(p_who text, p_metric text, p_whom text default null) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return tests.error_of(format('select pg_temp.actual(%L, %L)', p_metric, p_whom));
end
$$;

create function pg_temp.evidence(p_metric text, p_who text, p_folder text, p_target bigint default null, p_entry bigint default null)
returns jsonb
language sql
as $$
    select api.kpi_add_evidence(
        p_metric, 'proof.pdf', 'application/pdf', 1, repeat('a', 64), 'kpi-evidence', p_folder, tap.uid(p_who || '@alpha.test'),
        p_target, p_entry
    )
$$;

-- How many targets a person sees, and of how many the function says so.
create function pg_temp.seen(p_who text, out by_policy bigint, out by_function bigint)
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    select count(*) into by_policy from kpi.kpi_targets;
    select count(*) into by_function from some_targets t where app.may_select_kpi_targets(t.metric_group, t.is_finance, t.assignee_user_id);
end
$$;

-- Entries (cases 88–90)

select tests.become('mc@alpha.test');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_LINKEDIN_POSTS', 3)) $$, 'case 88: marcomm enters three posts');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_LINKEDIN_POSTS', 4, '2026-04-12')) $$, 'case 88: and four more');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_LINKEDIN_POSTS', 90, '2026-03-31')) $$, 'and many the month before');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MKT_TRACKING_COVERAGE_PCT', 71.5, '2026-04-12')) $$, 'case 88: a share');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MKT_TRACKING_COVERAGE_PCT', 64, '2026-04-02')) $$, 'case 88: entered after a later one');
select is(pg_temp.actual('MARCOMM_LINKEDIN_POSTS', 'mc'), 'OK 7', 'case 88: counts are added up');
select is(pg_temp.actual('MKT_TRACKING_COVERAGE_PCT', 'mc'), 'OK 71.5', 'case 88: of shares the last day counts');
select is(
    pg_temp.actual('MARCOMM_SEO_CONTENT', 'mc'), 'NO_DATA Nothing has been entered for this period.', 'case 102, P29: nothing entered is not 0'
);
select is(
    tests.faults_of($$ select api.kpi_add_entry(pg_temp.entry('SALES_REVENUE', 3)) $$), array['metric_key kpi_entry.metric_key.auto'],
    'case 89, P28: what is computed is not entered'
);
select is(
    tests.faults_of($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_LINKEDIN_POSTS', 3, '2026-04-16')) $$),
    array['entry_date kpi_entry.entry_date.future'], 'nor is what is still to come'
);
select is(
    tests.faults_of($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_LINKEDIN_POSTS', -3)) $$),
    array['value kpi_entry.value.range'], 'nor less than nothing'
);
select is(
    tests.error_of($$ select api.kpi_add_entry(pg_temp.entry('DGO_SOCIAL_POSTS', 3, p_who => 'dgo')) $$), 'PT403 permission.denied',
    'case 90: marcomm enters nothing for dgo'
);
select tests.become('mm@alpha.test');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('DGO_SOCIAL_POSTS', 3, p_who => 'dgo')) $$, 'case 90: the marketing manager does');
select is(
    tests.error_of($$ select api.kpi_add_entry(pg_temp.entry('DGO_SOCIAL_POSTS', 3, p_who => 'sp1')) $$), 'PT403 permission.denied',
    'but not for a salesperson'
);
select is((select count(*) from api.kpi_entries), 6::bigint, 'the marketing manager sees all of marketing');
select is(pg_temp.actual('MARCOMM_LINKEDIN_POSTS'), 'OK 7', 'and knows what all came to');
select tests.become('sp1@alpha.test');
select lives_ok($$ select api.kpi_add_entry(pg_temp.entry('MARCOMM_PARTNER_MEETINGS', 1)) $$, 'a salesperson enters what they did');
select is((select count(*) from api.kpi_entries), 1::bigint, 'and sees no other');
select is(
    tests.error_of($$ insert into kpi.kpi_entries default values $$), '42501', 'nobody inserts past the function'
);

-- Corrections

insert into ids select 'sp1', entry_id from api.kpi_entries;
select is(
    (api.kpi_update_entry((select id from ids where name = 'sp1'), '{"value": 2, "notes": "two"}') ->> 'value')::numeric, 2.0, 'one corrects one''s own'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of($$ select api.kpi_update_entry((select id from ids where name = 'sp1'), '{"value": 9}') $$), 'PT403 permission.denied',
    'the manager sees it and leaves it (spec §1.7: whoever wrote it)'
);
select tests.become('sm2@alpha.test');
select is(
    tests.error_of($$ select api.kpi_update_entry((select id from ids where name = 'sp1'), '{"value": 9}') $$), 'PT404 kpi_entry.not_found',
    'to another manager it is not there'
);
select tests.become('sa@alpha.test');
select is(tests.error_of($$ update kpi.kpi_entries set metric_key = 'SALES_REVENUE' $$), '42501', 'no entry becomes another metric''s');
select lives_ok($$ select api.kpi_update_entry((select id from ids where name = 'sp1'), '{"notes": ""}') $$, 'an administrator corrects any');
select lives_ok($$ select api.kpi_delete_entry((select id from ids where name = 'sp1')) $$, 'and removes it');
select results_eq(
    $$ select action, changed_by, before_data ->> 'value', after_data ->> 'value'
       from api.audit_logs
       where table_name = 'kpi.kpi_entries' and record_id = (select id::text from ids where name = 'sp1')
       order by audit_id $$,
    $$ values
        ('INSERT', tap.uid('sp1@alpha.test'), null, '1.0000'), ('UPDATE', tap.uid('sp1@alpha.test'), '1.0000', '2.0000'),
        ('UPDATE', tap.uid('sa@alpha.test'), null, null), ('DELETE', tap.uid('sa@alpha.test'), '2.0000', null) $$,
    'case 100: every step is on record'
);

-- Progress (case 102)

insert into answers select api.kpi_set_target(pg_temp.target('MARCOMM_LINKEDIN_POSTS', 'mc', p_value => 10));
insert into answers select api.kpi_set_target(pg_temp.target('MARCOMM_SEO_CONTENT', 'mc'));
insert into answers select api.kpi_set_target(pg_temp.target('VSDO_REVISION_RATE_PCT', 'vsdo', p_value => 10));
insert into answers select api.kpi_set_target(pg_temp.target('VSDO_MEDIAN_TAT_DAYS', 'vsdo', p_value => 3));
insert into answers select api.kpi_set_target(pg_temp.target('SALES_WIN_RATE', 'sp1', p_value => 30));
insert into answers select api.kpi_set_target(pg_temp.target('SALES_LEADS_CREATED_OUTBOUND', 'sp1', p_value => 5));
insert into answers select api.kpi_add_entry(pg_temp.entry('VSDO_REVISION_RATE_PCT', 20, p_who => 'vsdo'));
insert into answers select api.kpi_add_entry(pg_temp.entry('VSDO_MEDIAN_TAT_DAYS', 0, p_who => 'vsdo'));
select results_eq(
    $$ select metric_key, status, trim_scale(actual_value), trim_scale(progress_pct) from api.v_kpi_progress order by target_id $$,
    $$ values
        ('MARCOMM_LINKEDIN_POSTS', 'OK', 7.0, 70.0), ('MARCOMM_SEO_CONTENT', 'NO_DATA', null, null),
        ('VSDO_REVISION_RATE_PCT', 'OK', 20, 50), ('VSDO_MEDIAN_TAT_DAYS', 'OK', 0, 100),
        ('SALES_WIN_RATE', 'NA', null, null), ('SALES_LEADS_CREATED_OUTBOUND', 'OK', 0, 0) $$,
    'cases 88, 102: less is better is inverted, what is not known is not 0 %'
);
select is(
    api.kpi_list_progress('all', p_limit => 100) -> 'items',
    (select jsonb_agg(to_jsonb(p) - 'org_id' order by p.target_id desc) from api.v_kpi_progress p),
    'a page says what the view says'
);
select tests.become('mc@alpha.test');
select results_eq(
    $$ select metric_key from api.v_kpi_progress order by target_id $$, $$ values ('MARCOMM_LINKEDIN_POSTS'), ('MARCOMM_SEO_CONTENT') $$,
    'marcomm sees how far they got, and nobody else'
);
select is(
    (select string_agg(i ->> 'metric_key', ' ') from jsonb_array_elements(api.kpi_list_progress('my') -> 'items') i),
    'MARCOMM_SEO_CONTENT MARCOMM_LINKEDIN_POSTS', 'one''s own, newest first'
);
select is(
    api.kpi_list_progress('my', jsonb_build_object('assignee_user_id', tap.uid('vsdo@alpha.test'))) -> 'items', '[]',
    'and of one''s own none is another''s'
);
select is(
    jsonb_array_length(api.kpi_list_progress('all', '{"on": "2026-05-01"}') -> 'items'), 0, 'no target runs on a day after its end'
);
select is(
    api.kpi_list_progress('all', p_limit => 1) -> 'next' -> 'target_id',
    api.kpi_list_progress('all', p_limit => 1) -> 'items' -> 0 -> 'target_id', 'a page ends where the next begins'
);
select tests.become('mm@alpha.test');
select is(
    (select count(*) from jsonb_array_elements(api.kpi_list_progress('team') -> 'items')), 4::bigint, 'a manager sees those of their people'
);
select tests.become('fin@alpha.test');
select is((select count(*) from api.v_kpi_progress), 0::bigint, 'finance sees none of these');

-- Who may know what a metric came to (case 99, P29)

select is(pg_temp.actual_error('exi', 'SALES_REVENUE'), 'PT403 permission.denied', 'case 99: Ops know nothing');
select is(pg_temp.actual_error('ss', 'SALES_REVENUE'), 'PT403 permission.denied', 'case 99: nor does sales support');
select is(pg_temp.actual_error('stf', 'SALES_REVENUE', 'stf'), 'PT403 permission.denied', 'nor staff, of themselves');
select is(pg_temp.actual_error('sp1', 'SALES_REVENUE', 'sp2'), 'PT403 permission.denied', 'case 99: a salesperson nothing of another');
select is(pg_temp.actual_error('sp1', 'SALES_REVENUE', 'sp1'), null, 'case 99: but their own');
select is(pg_temp.actual_error('sp1', 'SALES_REVENUE'), 'PT403 permission.denied', 'case 99: and not the organisation''s');
select is(pg_temp.actual_error('sp1', 'DGO_ROAS', 'sp1'), 'PT403 permission.denied', 'nor a channel''s through themselves');
select is(pg_temp.actual_error('sm', 'SALES_REVENUE', 'sp1'), null, 'a sales manager knows the team''s');
select is(pg_temp.actual_error('sm', 'SALES_REVENUE', 'sp3'), 'PT403 permission.denied', 'and no other team''s');
select is(pg_temp.actual_error('sm', 'MKT_LEADS_BY_CHANNEL'), 'PT403 permission.denied', 'nor marketing''s');
select is(pg_temp.actual_error('mm', 'SALES_REVENUE'), 'PT403 permission.denied', 'a marketing manager not sales''');
select is(pg_temp.actual_error('fin', 'SALES_DSO_DAYS'), null, 'case 99: finance knows DSO');
select is(pg_temp.actual_error('fin', 'SALES_OVERDUE_AR'), null, 'case 99: and what is overdue');
select is(pg_temp.actual_error('fin', 'SALES_REVENUE'), 'PT403 permission.denied', 'case 99: and nothing else');
select is(pg_temp.actual_error('dir', 'SALES_REVENUE'), null, 'a director knows all');
select tests.become('sa@alpha.test');
select is(
    tests.error_of($$ select api.kpi_actual('SALES_REVENUE', '2026-04-01', '2026-04-30', tap.uid('sp1@beta.test')) $$),
    'PT404 kpi.user.not_found', 'nobody asks about another organisation'
);
select is(
    (select string_agg(pg_temp.actual(m), ' ') from unnest(array['SALES_WIN_RATE', 'SALES_CYCLE_DAYS', 'MKT_REPORTING_FRESHNESS_SLA_PCT']) m),
    'NA There is no record of deals. NA There are no dates of qualification and closing. '
    'NA Numbers are computed when they are asked for: no recalculation is recorded that could be late.',
    'case 94: what cannot be known says why'
);

-- What definer code asks is what the policy says (decisions §5.7)

insert into answers select api.kpi_set_target(pg_temp.target(t.metric, t.who))
from (
    values
        ('SALES_REVENUE', 'sp1'), ('SALES_REVENUE', 'sp3'), ('SALES_REVENUE', null), ('SALES_DSO_DAYS', null), ('SALES_DSO_DAYS', 'sm'),
        ('MKT_LEADS_BY_CHANNEL', null), ('MKT_LEADS_BY_CHANNEL', 'mm'), ('DGO_REACH', null), ('DGO_SOCIAL_POSTS', 'dgo')
) as t (metric, who);
select tests.become_owner();
insert into some_targets select * from kpi.kpi_targets;
select is_empty(
    $$ select p.who, s.*
       from unnest('{dir,sa,mad,mm,mc,dgo,macx,vsdo,sm,sm2,sp1,sp2,sp3,ss,adm,stf,exi,dom,dtd,trf,fin}'::text[]) as p (who)
       cross join lateral pg_temp.seen(p.who) s
       where s.by_policy <> s.by_function $$,
    'app.may_select_kpi_targets says what the policy says, for everybody'
);
select results_eq(
    $$ select w, (pg_temp.seen(w)).by_policy from unnest('{sa,mm,sm,sp3,fin,ss}'::text[]) w $$,
    $$ values ('sa', 15::bigint), ('mm', 8), ('sm', 6), ('sp3', 1), ('fin', 1), ('ss', 0) $$,
    'and not by saying nothing'
);
select tests.become('sa@alpha.test');

-- Evidence (case 103)

insert into ids select 'target', target_id from api.kpi_targets where metric_key = 'MARCOMM_LINKEDIN_POSTS';
insert into ids select 'seo', target_id from api.kpi_targets where metric_key = 'MARCOMM_SEO_CONTENT';
select tests.become('mc@alpha.test');
select lives_ok(
    format(
        $$ select pg_temp.evidence('MARCOMM_LINKEDIN_POSTS', 'mc', 'MARCOMM_LINKEDIN_POSTS/%s/a.pdf', (select id from ids where name = 'target')) $$,
        tap.uid('mc@alpha.test')
    ),
    'case 103: marcomm shows what they did'
);
select is(
    tests.faults_of(format(
        $$ select pg_temp.evidence('MARCOMM_LINKEDIN_POSTS', 'mc', 'MARCOMM_LINKEDIN_POSTS/%s/b.pdf') $$, tap.uid('dgo@alpha.test')
    )),
    array['file kpi_evidence.path'], 'case 103: in their own folder'
);
select is(
    tests.faults_of(format(
        $$ select pg_temp.evidence('MARCOMM_LINKEDIN_POSTS', 'mc', 'MARCOMM_LINKEDIN_POSTS/%s/b.pdf', (select id from ids where name = 'seo')) $$,
        tap.uid('mc@alpha.test')
    )),
    array['target_id kpi_evidence.target_id.unknown'], 'for a target of that metric'
);
select is(
    tests.error_of(format(
        $$ select pg_temp.evidence('MARCOMM_LINKEDIN_POSTS', 'dgo', 'MARCOMM_LINKEDIN_POSTS/%s/b.pdf') $$, tap.uid('dgo@alpha.test')
    )),
    'PT403 permission.denied', 'and for nobody else'
);
insert into ids select 'file', (i ->> 'file_id')::bigint from jsonb_array_elements(api.kpi_list_evidence() -> 'items') i;
select is(
    (api.app_get_file((select id from ids where name = 'file')) ->> 'path'), 'MARCOMM_LINKEDIN_POSTS/' || tap.uid('mc@alpha.test') || '/a.pdf',
    'case 103: marcomm gets the file back'
);
select tests.become('dgo@alpha.test');
select is(
    tests.error_of($$ select api.app_get_file((select id from ids where name = 'file')) $$), 'PT404 file.not_found',
    'case 103: other marketing staff do not'
);
select is(jsonb_array_length(api.kpi_list_evidence() -> 'items'), 0, 'case 103: nor see that it is there');
select tests.become('mm@alpha.test');
select is(tests.error_of($$ select api.app_get_file((select id from ids where name = 'file')) $$), null, 'case 103: the marketing manager does');

select * from finish();
rollback;
