-- The dashboard: who is given which blocks, and that each says what its own screen says (spec: command_center §1.8).

begin;
select plan(35);

-- Noon of 15 April 2026 in Jakarta.
insert into app.clock (frozen_at) values ('2026-04-15 05:00:00+00');
create temporary table kept (name text primary key, answer jsonb) on commit drop;
grant all on kept to public;

create function pg_temp.board(p_who text, p_from date default null, p_to date default null) returns jsonb
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return api.app_dashboard(p_from, p_to) -> 'blocks';
end
$$;

-- What an expression is for somebody.
create function pg_temp.says(p_who text, p_expression text) returns text
language plpgsql
as $$
declare
    v_answer text;
begin
    perform tests.become(p_who || '@alpha.test');
    execute format('select (%s)::text', p_expression) into v_answer;
    return v_answer;
end
$$;

-- What there is: A is sp1's, B sp3's (another team). As the owner: what matters here is what is made of it.
insert into crm.customers (org_id, customer_id, company_name)
select 'a0000000-0000-4000-8000-000000000000', c, 'PT ' || c from unnest('{A,B}'::text[]) c;
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
values
    ('a0000000-0000-4000-8000-000000000000', 'A', 'A', tap.uid('sp1@alpha.test')),
    ('a0000000-0000-4000-8000-000000000000', 'B', 'B', tap.uid('sp3@alpha.test'));
insert into crm.leads (
    org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
    primary_channel, next_step, due_date, customer_id, prospect_id, created_by, sales_owner_user_id, assigned_at
)
select
    'a0000000-0000-4000-8000-000000000000', l.id, l.day, 'PT ' || l.customer, 'PIC', '0812', 'p@x.test', 'Jakarta', 'EXI_AF', 'Marketing',
    l.channel, 'Call', l.day, l.customer, l.customer, tap.uid(l.creator || '@alpha.test'), tap.uid(l.owner || '@alpha.test'),
    case when l.owner is not null then app.now() end
from (
    values
        ('L1', date '2026-03-31', 'SEM', 'A', 'mc', 'sp1'),
        ('L2', date '2026-04-01', 'SEM', 'A', 'mc', 'sp1'),
        ('L3', date '2026-04-30', 'SEM', 'A', 'mc', null),
        ('L4', date '2026-04-02', 'SEM', 'B', 'dgo', 'sp3'),
        ('L5', date '2026-04-03', 'Paid Social', 'B', 'dgo', null)
) as l (id, day, channel, customer, creator, owner);
insert into kpi.marketing_spend (org_id, channel, spend_date, amount, created_by)
select 'a0000000-0000-4000-8000-000000000000', s.channel, s.day, s.amount, tap.uid('mc@alpha.test')
from (
    values
        ('SEM', date '2026-04-01', 500), ('SEM', '2026-04-30', 500), ('SEM', '2026-05-01', 9000), ('LinkedIn', '2026-04-09', 70)
) as s (channel, day, amount);
insert into kpi.kpi_targets (
    org_id, metric_key, metric_group, is_finance, period_start, period_end, assignee_user_id, target_value, created_by
)
select
    'a0000000-0000-4000-8000-000000000000', d.metric_key, d.metric_group, d.is_finance, t.first, t.last, tap.uid(t.who || '@alpha.test'), 4,
    tap.uid('sa@alpha.test')
from (
    values
        ('MKT_LEADS_BY_CHANNEL', 'mc', date '2026-04-01', date '2026-06-30'),
        ('MARCOMM_SEO_CONTENT', 'mc', '2026-03-01', '2026-04-01'),
        ('MARCOMM_SEO_CONTENT', 'mc', '2026-05-01', '2026-05-31'),
        ('DGO_SOCIAL_POSTS', 'dgo', '2026-04-01', '2026-04-30'),
        ('SALES_WIN_RATE', null, '2026-04-01', '2026-04-30')
) as t (metric_key, who, first, last)
join kpi.kpi_metric_definitions d on d.metric_key = t.metric_key;
insert into ar.invoices (org_id, customer_id, invoice_date, due_date, invoice_amount, currency)
values
    ('a0000000-0000-4000-8000-000000000000', 'A', '2026-02-01', '2026-02-10', 70, 'USD'),
    ('a0000000-0000-4000-8000-000000000000', 'A', '2026-04-05', '2026-04-10', 1000, 'IDR'),
    ('a0000000-0000-4000-8000-000000000000', 'A', '2026-05-01', '2026-05-30', 9000, 'IDR'),
    ('a0000000-0000-4000-8000-000000000000', 'B', '2026-04-06', '2026-05-06', 500, 'IDR');
insert into crm.activities (org_id, activity_type, direction, prospect_id, notes, completed_at, created_by)
select
    'a0000000-0000-4000-8000-000000000000', a.activity_type, 'outbound', a.prospect, 'x', a.at::timestamp at time zone 'Asia/Jakarta',
    tap.uid(a.who || '@alpha.test')
from (
    values
        ('call', 'A', '2026-04-01 00:30', 'sp1'), ('call', 'A', '2026-03-31 23:30', 'sp1'), ('email', 'A', '2026-04-10 10:00', 'sm'),
        ('whatsapp', 'B', '2026-04-10 10:00', 'sp3'), ('call', 'A', '2026-04-11 10:00', 'ss')
) as a (activity_type, prospect, at, who);

-- Tickets: of two departments, with and without a lead; exi answers the masked one after 30 minutes.
select tests.become('sp1@alpha.test');
insert into kept values
    ('masked', api.ticket_create('{"ticket_type": "inquiry tariff", "subject": "PT A", "dept_target": "EXI", "service_code": "EXI_AF", "related_lead_id": "L2"}')),
    ('open', api.ticket_create('{"ticket_type": "general request", "subject": "Hello", "dept_target": "EXI"}')),
    ('dom', api.ticket_create('{"ticket_type": "general request", "subject": "Hello", "dept_target": "DOM"}'));
select tests.become_owner();
update app.clock set frozen_at = '2026-04-15 05:30:00+00';
select tests.become('exi@alpha.test');
select lives_ok(
    $$ select api.ticket_post_message((select answer ->> 'ticket_id' from kept where name = 'masked'), '{"message": "100 USD"}') $$,
    'operations answer the masked request'
);

-- Whose blocks -----------------------------------------------------------------------------------------------------------

select is(
    (
        select jsonb_object_agg(p.who, (select string_agg(b, ' ' order by b) from jsonb_object_keys(pg_temp.board(p.who)) b))
        from string_to_table('dir sa mad mm mc dgo macx vsdo sm sm2 adm sp1 sp3 stf exi dom dtd trf fin', ' ') as p (who)
    ),
    (
        select jsonb_object_agg(who, e.blocks)
        from (
            values
                (
                    'dir sa mad',
                    'activities attributed_revenue cost_per_lead first_response leads leads_by_channel new_logos receivables revenue '
                    'spend targets tickets_by_status'
                ),
                ('mm', 'attributed_revenue cost_per_lead leads_by_channel spend'),
                ('mc dgo macx vsdo', 'leads targets'),
                ('sm sm2 sp1 sp3', 'activities new_logos receivables revenue'),
                ('adm stf', 'activities'),
                ('exi dom dtd trf', 'first_response tickets_by_status'),
                ('fin', 'receivables')
        ) as e (people, blocks)
        cross join string_to_table(e.people, ' ') who
    ),
    'case 154: whose blocks they are; as FIN the AR block only; what is not theirs is absent, not zero'
);
select tests.become('ss@alpha.test');
select is(tests.error_of('select api.app_dashboard()'), 'PT403 permission.denied', 'case 154: as SS, forbidden');
select tests.become_nobody();
select is(tests.error_of('select api.app_dashboard()'), 'PT401 auth.required', 'nobody has no dashboard');
select tests.become('exi@alpha.test');
select is_empty($$ select app.dashboard_scope(b) from unnest('{receivables,revenue,leads,nothing}'::text[]) b where app.dashboard_scope(b) is not null $$, 'no scope, no block');

-- The period -------------------------------------------------------------------------------------------------------------

select tests.become('fin@alpha.test');
select is(api.app_dashboard() - 'blocks', '{"date_from": "2026-04-01", "date_to": "2026-04-30", "today": "2026-04-15"}', 'this month');
select is(
    api.app_dashboard(p_date_from => '2026-02-10') - 'blocks', '{"date_from": "2026-02-10", "date_to": "2026-02-28", "today": "2026-04-15"}',
    'to the end of that month'
);
select is(
    api.app_dashboard(p_date_to => '2026-02-10') - 'blocks', '{"date_from": "2026-02-01", "date_to": "2026-02-10", "today": "2026-04-15"}',
    'from its beginning'
);
select is(
    tests.faults_of($$ select api.app_dashboard('2026-04-02', '2026-04-01') $$), array['date_to dashboard.date_to.range'], 'not backwards'
);
select is(
    tests.faults_of($$ select api.app_dashboard('2026-01-01', '2027-01-02') $$), array['date_to dashboard.date_to.range'], 'nor of 367 days'
);
select lives_ok($$ select api.app_dashboard('2028-01-01', '2028-12-31') $$, 'but a whole leap year');
select tests.become_owner();
update app.clock set frozen_at = '2026-04-30 17:30:00+00';
select tests.become('fin@alpha.test');
select is(api.app_dashboard() ->> 'date_from', '2026-05-01', 'P8: half past midnight of the first, where the organisation is, is May');
select tests.become_owner();
update app.clock set frozen_at = '2026-04-15 05:30:00+00';

-- Marketing --------------------------------------------------------------------------------------------------------------

select is(
    pg_temp.board('mm') -> 'leads_by_channel',
    '{"leads_count": 4, "items": [{"primary_channel": "SEM", "leads_count": 3}, {"primary_channel": "Paid Social", "leads_count": 1}]}',
    'leads by channel, both ends of the period included'
);
select is(
    (select jsonb_object_agg(i ->> 'primary_channel', i -> 'leads_count') from jsonb_array_elements(pg_temp.board('mm') #> '{leads_by_channel,items}') i),
    api.kpi_actual('MKT_LEADS_BY_CHANNEL', '2026-04-01', '2026-04-30') -> 'details', 'as the metric says'
);
select is(
    pg_temp.board('mm') -> 'spend',
    '{"spend_idr": 1070, "items": [{"primary_channel": "SEM", "spend_idr": 1000}, {"primary_channel": "LinkedIn", "spend_idr": 70}]}', 'spend'
);
select results_eq(
    $$
        select i ->> 'primary_channel', round((i ->> 'value')::numeric, 2), i ->> 'status', i ->> 'reason'
        from jsonb_array_elements(pg_temp.board('mm') #> '{cost_per_lead,items}') i
    $$,
    $$ values ('LinkedIn', null::numeric, 'NA', 'There is no lead of this channel in this period.'), ('SEM', 333.33, 'OK', null) $$,
    'P19, P29: cost per lead of the period; without leads it is not known, not 0'
);
select is(
    (
        select i - 'primary_channel' - 'spend_idr' - 'leads_count'
        from jsonb_array_elements(pg_temp.board('mm') #> '{cost_per_lead,items}') i
        where i ->> 'primary_channel' = 'SEM'
    ),
    (
        select jsonb_build_object('value', a -> 'value', 'status', a -> 'status', 'reason', a -> 'reason')
        from api.kpi_actual('MARCOMM_SEM_CPL', '2026-04-01', '2026-04-30') a
    ),
    'to the last digit what the metric says'
);
select is((pg_temp.board('mm') #>> '{attributed_revenue,value}')::numeric, 1500::numeric, 'P10: revenue of invoices that its reader may not see');

select is(pg_temp.board('mc') #> '{leads,created,details}', '{"SEM": 2}', 'one''s own leads of the period');
select is(
    pg_temp.board('mc') #> '{leads,by_status}', '[{"status": "New", "lead_count": 3, "assigned_count": 2, "unassigned_count": 1}]',
    'and where all of one''s own stand'
);
select is(pg_temp.board('mc') #> '{targets,items}', (
    select jsonb_agg(i) from jsonb_array_elements(api.kpi_list_progress('my') -> 'items') i where i ->> 'period_start' < '2026-05-01'
), 'one''s own targets of the period, as one''s KPI page has them');
select is(
    (select jsonb_agg(jsonb_build_array(i -> 'metric_key', i -> 'status', i -> 'actual_value') order by i -> 'metric_key') from jsonb_array_elements(pg_temp.board('mc') #> '{targets,items}') i),
    '[["MARCOMM_SEO_CONTENT", "NO_DATA", null], ["MKT_LEADS_BY_CHANNEL", "OK", 2]]', 'nothing entered is no 0'
);
select is(
    (select jsonb_agg(jsonb_build_array(i -> 'metric_key', i -> 'status', i -> 'actual_value')) from jsonb_array_elements(pg_temp.board('dir') #> '{targets,items}') i),
    '[["SALES_WIN_RATE", "NA", null]]', 'the director''s are the organisation''s; what cannot be known stays NA'
);

-- Sales and money --------------------------------------------------------------------------------------------------------

select results_eq(
    $$
        select
            w, b #>> '{revenue,revenue_idr}', b #>> '{new_logos,new_logos}',
            (select string_agg(format('%s %s', i ->> 'activity_type', i ->> 'activity_count'), ', ') from jsonb_array_elements(b #> '{activities,items}') i)
        from unnest('{dir,sm,sp1,sm2,sp3}'::text[]) w
        cross join lateral pg_temp.board(w) b
    $$,
    $$
        values
            ('dir', '1500.00', '1', 'call 2, email 1, whatsapp 1'), ('sm', '1000.00', '0', 'call 1, email 1'),
            ('sp1', '1000.00', '0', 'call 1'), ('sm2', '500.00', '1', 'whatsapp 1'), ('sp3', '500.00', '1', 'whatsapp 1')
    $$,
    'P9: everything, one''s team''s, one''s own; whose first invoice is of February is not new'
);
select is_empty(
    $$
        select w.who
        from unnest('{dir,sm,sp1,sm2,sp3}'::text[]) w (who)
        cross join lateral pg_temp.board(w.who) b
        where b #>> '{revenue,revenue_idr}'
            is distinct from pg_temp.says(w.who, $x$ select sum(revenue_idr) from api.v_sales_revenue_daily where day between '2026-04-01' and '2026-04-30' $x$)
           or b #>> '{new_logos,new_logos}'
            is distinct from pg_temp.says(w.who, $x$ select coalesce(sum(new_logos), 0) from api.v_sales_new_logos_daily where day between '2026-04-01' and '2026-04-30' $x$)
    $$,
    'as the views of the same reader'
);
select is(
    (select array[b #>> '{revenue,revenue_idr}', b #>> '{new_logos,new_logos}'] from pg_temp.board('dir') b),
    array[
        api.kpi_actual('SALES_REVENUE', '2026-04-01', '2026-04-30') ->> 'value', api.kpi_actual('SALES_NEW_LOGOS', '2026-04-01', '2026-04-30') ->> 'value'
    ],
    'and of all as the metrics'
);
select is(
    pg_temp.board('sp1') #>> '{activities,activity_count}',
    api.kpi_actual('SALES_ACTIVITY_CALL', '2026-04-01', '2026-04-30', tap.uid('sp1@alpha.test')) ->> 'value', 'one''s own calls as the metric'
);
select results_eq(
    $$
        select w, i ->> 'currency', i ->> 'ar_total', i ->> 'overdue_total', i ->> 'bucket_1_30', i ->> 'bucket_61_90'
        from unnest('{fin,sm2,sp1}'::text[]) w
        cross join lateral jsonb_array_elements(pg_temp.board(w) #> '{receivables,items}') i
    $$,
    $$
        values
            ('fin', 'IDR', '10500.00', '1000.00', '1000.00', '0'), ('fin', 'USD', '70.00', '70.00', '0', '70.00'),
            ('sm2', 'IDR', '500.00', '0.00', '0', '0'),
            ('sp1', 'IDR', '10000.00', '1000.00', '1000.00', '0'), ('sp1', 'USD', '70.00', '70.00', '0', '70.00')
    $$,
    'P24: what is owed and how old it is, currencies apart; of the team, of one''s own customers'
);
select is_empty(
    $$
        select w.who
        from unnest('{dir,fin,sm,sp1,sm2,sp3}'::text[]) w (who)
        cross join lateral pg_temp.board(w.who) b
        where b #>> '{receivables,items}' is distinct from pg_temp.says(w.who, $x$ api.ar_dso('{"type": "summary"}') -> 'items' $x$)
           or (select jsonb_agg(d - 'status' - 'reason') from jsonb_array_elements(b #> '{receivables,dso}') d)::text
            is distinct from pg_temp.says(w.who, $x$ api.ar_dso('{"type": "rolling"}') -> 'items' $x$)
           or (select sum((i ->> 'ar_total')::numeric) from jsonb_array_elements(b #> '{receivables,items}') i)::text
            is distinct from pg_temp.says(w.who, 'select sum(ar_total) from api.v_my_customers_ar')
    $$,
    'as the DSO pages of the same reader'
);
select results_eq(
    $$
        select d ->> 'currency', (d ->> 'dso_days_rolling_30')::numeric, d ->> 'status', d ->> 'reason'
        from jsonb_array_elements(pg_temp.board('fin') #> '{receivables,dso}') d
    $$,
    $$ values ('IDR', 30.00, 'OK', null), ('USD', null::numeric, 'NA', 'There is no revenue in the last 30 days.') $$,
    'P29: days of sales outstanding; without revenue they are not known'
);

-- Tickets ----------------------------------------------------------------------------------------------------------------

select results_eq(
    $$
        select w, i ->> 'dept_target', i ->> 'ticket_type', i ->> 'status', i ->> 'tickets', i ->> 'opened_in_period'
        from unnest('{sa,exi,dom,trf}'::text[]) w
        cross join lateral jsonb_array_elements(pg_temp.board(w, '2026-04-15', '2026-04-15') #> '{tickets_by_status,items}') i
    $$,
    $$
        values
            ('sa', 'DOM', 'general request', 'OPEN', '1', '1'), ('sa', 'EXI', 'general request', 'OPEN', '1', '1'),
            ('sa', 'EXI', 'inquiry tariff', 'OPEN', '1', '1'),
            ('exi', 'EXI', 'general request', 'OPEN', '1', '1'), ('exi', 'EXI', 'inquiry tariff', 'OPEN', '1', '1'),
            ('dom', 'DOM', 'general request', 'OPEN', '1', '1')
    $$,
    'tickets of one''s department, masked requests for tariffs among them, each once'
);
select is_empty(
    $$
        select w.who
        from unnest('{sa,exi,dom,trf}'::text[]) w (who)
        cross join lateral pg_temp.board(w.who) b
        where (select coalesce(sum((i ->> 'tickets')::integer), 0) from jsonb_array_elements(b #> '{tickets_by_status,items}') i)
            is distinct from pg_temp.says(w.who, $x$ jsonb_array_length(api.desk_list_tickets() -> 'items') $x$)::integer
    $$,
    'as many as the list of the same reader has'
);
select results_eq(
    $$
        select i ->> 'ticket_type', i ->> 'answered', i ->> 'unanswered', (i ->> 'median_first_response_minutes')::numeric, i ->> 'status', i ->> 'reason'
        from jsonb_array_elements(pg_temp.board('exi') #> '{first_response,items}') i
    $$,
    $$
        values
            ('general request', '0', '1', null::numeric, 'NA', 'No ticket of this period has been answered.'),
            ('inquiry tariff', '1', '0', 30.00, 'OK', null)
    $$,
    'case 69, P29: how long they waited; what nobody answered has no median'
);
select is_empty(
    $$
        select w.who
        from unnest('{sa,exi,dom,trf}'::text[]) w (who)
        cross join lateral pg_temp.board(w.who, '2026-04-15', '2026-04-15') b
        where coalesce((
            select jsonb_agg(jsonb_build_array(i -> 'dept_target', i -> 'ticket_type', i -> 'median_first_response_minutes', i -> 'answered', i -> 'unanswered'))
            from jsonb_array_elements(b #> '{first_response,items}') i
        ), '[]')::text is distinct from pg_temp.says(w.who, $x$
            select coalesce(jsonb_agg(
                jsonb_build_array(v.dept_target, v.ticket_type, v.median_first_response_minutes, v.ticket_count, v.unanswered)
                order by v.dept_target, v.ticket_type
            ), '[]')
            from api.v_ticket_first_response_median_daily v
            where v.day = '2026-04-15'
        $x$)
    $$,
    'of one day as the view of daily medians'
);
select unalike(pg_temp.board('exi')::text, '%PT A%', 'case 61: not a word of the customer');

select * from finish();
rollback;
