-- What is computed for sales: revenue, customers, what is owed, what was done with leads.

begin;
select plan(47);
\ir _kpi.psql

-- As the owner, since what matters here is what is made of it.
create function pg_temp.customer(p_name text, p_owner text, p_lead_date date default '2026-01-01', p_status text default 'New') returns void
language sql
as $$
    insert into crm.customers (org_id, customer_id, company_name)
    values ('a0000000-0000-4000-8000-000000000000', p_name, p_name)
    on conflict do nothing;
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
    values ('a0000000-0000-4000-8000-000000000000', p_name || p_owner, p_name, tap.uid(p_owner || '@alpha.test'))
    on conflict do nothing;
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
        primary_channel, status, next_step, due_date, customer_id, prospect_id, created_by, sales_owner_user_id, assigned_at
    )
    select
        'a0000000-0000-4000-8000-000000000000', p_name || p_owner || p_lead_date, p_lead_date, p_name, 'PIC', '0812', 'p@x.test', 'Jakarta',
        'EXI_AF', 'Sales', 'Sales Outbound', p_status, 'Call', p_lead_date, p_name, p_name || p_owner, tap.uid(p_owner || '@alpha.test'),
        tap.uid(p_owner || '@alpha.test'), p_lead_date::timestamp at time zone 'Asia/Jakarta' + interval '9 hours'
$$;

create function pg_temp.invoice(
    p_customer text, p_day date, p_amount numeric, p_currency text default 'IDR', p_due date default null, p_id text default null
) returns void
language sql
as $$
    insert into ar.invoices (org_id, invoice_id, customer_id, invoice_date, due_date, invoice_amount, currency)
    values ('a0000000-0000-4000-8000-000000000000', p_id, p_customer, p_day, coalesce(p_due, p_day + 30), p_amount, p_currency)
$$;

create function pg_temp.payment(p_invoice text, p_day date, p_amount numeric) returns void
language sql
as $$
    insert into ar.payments (org_id, invoice_id, payment_date, amount)
    values ('a0000000-0000-4000-8000-000000000000', p_invoice, p_day, p_amount)
$$;

create function pg_temp.at(p_time text) returns timestamptz
language sql
as $$ select p_time::timestamp at time zone 'Asia/Jakarta' $$;

create function pg_temp.did(p_who text, p_type text, p_time text, p_lead text default null, p_prospect text default null, p_direction text default 'outbound')
returns void
language sql
as $$
    insert into crm.activities (
        org_id, activity_type, direction, lead_id, prospect_id, notes, completed_at, created_by, evidence_photo_url, gps_lat, gps_lng
    )
    values (
        'a0000000-0000-4000-8000-000000000000', p_type, p_direction, p_lead, p_prospect, 'x', pg_temp.at(p_time), tap.uid(p_who || '@alpha.test'),
        case p_type when 'visit' then 'https://photos.example/p.jpg' end, case p_type when 'visit' then 0 end, case p_type when 'visit' then 0 end
    )
$$;

select tests.become('sa@alpha.test');
select is(
    (select string_agg(pg_temp.actual(m), ' | ') from unnest('{SALES_REVENUE,SALES_REVENUE_GROWTH_PCT,SALES_NEW_LOGOS_GROWTH_PCT,SALES_RETENTION_RATE,SALES_CHURN_RATE,SALES_DSO_DAYS,SALES_LAR}'::text[]) m),
    'OK 0 | NA There was no revenue in the period before. | NA There was no new customer in the period before. | '
    'NA There was no active customer in the period before. | NA There was no active customer in the period before. | '
    'NA There is no revenue in the 30 days before the end of this period. | NA No lead was assigned in this period.',
    'case 95, P29: of nothing there is no share'
);

-- Revenue and customers ------------------------------------------------------------------------------------------------------

select tests.become_owner();
select lives_ok(
    $$
        select pg_temp.customer('A', 'sp1'), pg_temp.customer('B', 'sp1'), pg_temp.customer('B', 'sp2', '2026-02-01'),
               pg_temp.customer('C', 'sp3'), pg_temp.customer('C', 'sp1', '2026-02-01', 'Disqualified'),
               -- March, of 30 days before April
               pg_temp.invoice('A', '2026-03-02', 1000), pg_temp.invoice('C', '2026-03-31', 1000),
               pg_temp.invoice('A', '2026-03-01', 70000), -- before
               -- April
               pg_temp.invoice('A', '2026-04-01', 100), pg_temp.invoice('A', '2026-04-15', 200), pg_temp.invoice('A', '2026-04-30', 300),
               pg_temp.invoice('B', '2026-04-10', 2000), pg_temp.invoice('B', '2026-04-11', 5000, 'USD'),
               pg_temp.invoice('A', '2026-05-01', 80000), -- after
               pg_temp.invoice('A', '2026-04-02', 90000, p_id => 'void')
    $$, 'two months of invoices'
);
update ar.invoices set status = 'VOID', voided_at = now(), void_reason = 'wrong' where invoice_id = 'void';
select tests.become('sa@alpha.test');
select is(pg_temp.actual('SALES_REVENUE'), 'OK 2600', 'case 91: both ends of the period, no void invoice, no other currency');
select is(pg_temp.actual('SALES_REVENUE_GROWTH_PCT'), 'OK 30', 'against the 30 days before');
select is(pg_temp.actual('SALES_ACTIVE_CUSTOMERS'), 'OK 2', 'case 92, P30: who bought on three days is one customer');
select is(pg_temp.actual('SALES_NEW_LOGOS'), 'OK 1', 'case 93: new is whose first invoice ever it is');
select is(pg_temp.actual('SALES_NEW_LOGOS_GROWTH_PCT'), 'OK 0', 'as many as the month before');
select is(pg_temp.actual('SALES_RETENTION_RATE'), 'OK 50', 'one of two came back');
select is(pg_temp.actual('SALES_CHURN_RATE'), 'OK 50', 'one did not');
select tests.become('sm@alpha.test');
select is(pg_temp.actual('SALES_REVENUE', 'sp1'), 'OK 600', 'P29: a person''s is of the customers that are primarily theirs');
select is(pg_temp.actual('SALES_REVENUE', 'sp2'), 'OK 2000', 'B went to sp2 with a newer lead');
select is(pg_temp.actual('SALES_RETENTION_RATE', 'sp1'), 'OK 100', 'of A alone');
select tests.become('sm2@alpha.test');
select is(pg_temp.actual('SALES_REVENUE', 'sp3', '2026-03-01', '2026-03-31'), 'OK 1000', 'a disqualified lead takes no customer away');
select results_eq(
    $$ select customer_id, primary_sales_owner_user_id, primary_lead_date from api.v_customer_primary_lead_owner order by 1 $$,
    $$ values ('C', tap.uid('sp3@alpha.test'), '2026-01-01'::date) $$, 'whose customer it is, as far as one sees'
);

select tests.become('dir@alpha.test');
select results_eq(
    $$ select day, revenue_idr, active_customers from api.v_sales_revenue_daily where day between '2026-04-01' and '2026-04-11' order by day $$,
    $$ values ('2026-04-01'::date, 100.0, 1::bigint), ('2026-04-10', 2000, 1), ('2026-04-11', 0, 1) $$, 'day by day, for analysts'
);
select results_eq(
    $$ select day, new_logos from api.v_sales_new_logos_daily order by day $$,
    $$ values ('2026-03-01'::date, 1::bigint), ('2026-03-31', 1), ('2026-04-10', 1) $$, 'case 93: a customer is new once'
);

-- What is owed ---------------------------------------------------------------------------------------------------------------

select tests.become_owner();
select lives_ok(
    $$
        select pg_temp.invoice('A', '2026-01-05', 900, p_due => '2026-02-05', p_id => 'late'),
               pg_temp.invoice('A', '2026-01-06', 500, p_due => '2026-04-30', p_id => 'due'),
               pg_temp.payment('late', '2026-03-01', 300), pg_temp.payment('late', '2026-05-02', 600), pg_temp.payment('due', '2026-04-29', 100)
    $$, 'one invoice paid in part, and wholly after the period'
);
select tests.become('fin@alpha.test');
select is(pg_temp.actual('SALES_OVERDUE_AR', p_to => '2026-04-15'), 'OK 71600', 'overdue at the end of the period, by what had come in');
select is(pg_temp.actual('SALES_OVERDUE_AR'), 'OK 71600', 'what is due on the last day is not overdue yet');
select is(pg_temp.actual('SALES_OVERDUE_AR', p_to => '2026-05-01'), 'OK 73000', 'the day after it is');
select is(
    (select round((api.kpi_actual('SALES_DSO_DAYS', '2026-04-01', '2026-04-30') ->> 'value')::numeric, 2)),
    (select d.dso_days_rolling_30 from api.dso_as_of('2026-04-30') d where d.currency = 'IDR'), 'DSO is that of the end of the period'
);
select is(
    api.kpi_actual('SALES_DSO_DAYS', '2026-04-01', '2026-04-30') -> 'details', '{"part": 75600.00, "whole": 2600.00}',
    'outstanding 72,000 + 600 + 400 + 2,600 by the 2,600 of the period'
);
select tests.become('sp1@alpha.test');
select is(pg_temp.actual('SALES_OVERDUE_AR', 'sp1'), 'OK 71600', 'and of one''s own customers');

-- Leads and what was done with them --------------------------------------------------------------------------------------------

select tests.become_owner();
-- Four leads in April: sp1 has three, sp2 one.
select pg_temp.customer('K' || n, case n when 4 then 'sp2' else 'sp1' end, ('2026-04-0' || n)::date) from generate_series(1, 4) n \g /dev/null
update crm.lead_assignments set assigned_at = pg_temp.at('2026-04-30 23:30') where lead_id = 'K3sp12026-04-03';
select lives_ok(
    $$
        select pg_temp.did('sp1', 'call', '2026-04-01 09:10', p_lead => 'K1sp12026-04-01'),
               pg_temp.did('sp1', 'visit', '2026-04-30 23:59', p_lead => 'K1sp12026-04-01'),
               pg_temp.did('sp1', 'visit', '2026-05-01 00:00', p_lead => 'K1sp12026-04-01'),
               pg_temp.did('sp1', 'call', '2026-04-01 08:00', p_lead => 'K2sp12026-04-02'), -- before it was theirs
               pg_temp.did('sp1', 'note', '2026-04-02 09:30', p_prospect => 'K2sp1', p_direction => 'internal'),
               pg_temp.did('sp1', 'email', '2026-04-05 09:30', p_lead => 'K4sp22026-04-04'), -- not the owner
               pg_temp.did('sp2', 'whatsapp', '2026-04-05 09:30', p_lead => 'K4sp22026-04-04', p_direction => 'inbound'),
               pg_temp.did('sp2', 'online_meeting', '2026-04-06 09:00', p_lead => 'K4sp22026-04-04')
    $$, 'calls, visits, notes'
);
select tests.become('sm@alpha.test');
select is(pg_temp.actual('SALES_LEADS_ASSIGNED', 'sp1'), 'OK 3', 'three leads were assigned, one in the last hour of the period');
select is(pg_temp.actual('SALES_LEADS_ACCEPTED', 'sp1'), 'OK 2', 'two of them were acted on after that');
select is(trunc((api.kpi_actual('SALES_LAR', '2026-04-01', '2026-04-30', tap.uid('sp1@alpha.test')) ->> 'value')::numeric, 3), 66.666, 'which is that rate');
select is(
    trunc((api.kpi_actual('SALES_FIRST_CONTACT_RATE', '2026-04-01', '2026-04-30', tap.uid('sp1@alpha.test')) ->> 'value')::numeric, 3), 33.333,
    'a note is no contact'
);
select is(pg_temp.actual('SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN', 'sp1'), 'OK 20', 'after 10 and 30 minutes');
select is(pg_temp.actual('SALES_LEADS_ASSIGNED'), 'OK 4', 'of all');
select is(pg_temp.actual('SALES_LAR', 'sp2'), 'OK 100', 'what comes in is an action as well');
select is(pg_temp.actual('SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN', 'sp2'), 'OK 1470', 'only the owner''s counts');
select is(pg_temp.actual('SALES_LEADS_CREATED_OUTBOUND', 'sp1'), 'OK 3', 'created by oneself, of the outbound channel');
select is(pg_temp.actual('SALES_ACTIVITY_CALL', 'sp1'), 'OK 2', 'calls');
select is(pg_temp.actual('SALES_ACTIVITY_VISIT', 'sp1'), 'OK 1', 'P29, P8: the last minute of the month where the organisation is, and not the next');
select is(pg_temp.actual('SALES_ACTIVITY_WA_OUTBOUND', 'sp2'), 'OK 0', 'a chat that somebody else began is none');
select is(pg_temp.actual('SALES_ACTIVITY_EMAIL'), 'OK 1', 'mails of all');
select is(pg_temp.actual('SALES_ACTIVITY_ONLINE_MEETING', 'sp2'), 'OK 1', 'meetings');
select is(
    tests.error_of(
        $q$ insert into crm.activities (org_id, activity_type, prospect_id, notes, completed_at, created_by) values
            (app.org_id(), 'visit', 'K2sp1', 'x', now(), app.uid()) $q$
    ), '42501', 'nobody counts a visit past the functions'
);

-- Moves count as actions too, by whoever made them.
select tests.become_owner();
insert into app.audit_logs (org_id, table_name, record_id, action, changed_by, changed_at, changed_fields, before_data, after_data)
values (
    'a0000000-0000-4000-8000-000000000000', 'crm.leads', 'K3sp12026-04-03', 'UPDATE', tap.uid('sp1@alpha.test'),
    pg_temp.at('2026-05-01 00:30'), '{status}', '{"status": "New"}', '{"status": "Contacted"}'
);
select tests.become('sm@alpha.test');
select is(pg_temp.actual('SALES_LEADS_ACCEPTED', 'sp1'), 'OK 3', 'a move of the lead''s status is an action');
select is(pg_temp.actual('SALES_ASSIGNED_TO_FIRST_RESPONSE_MEDIAN_MIN', 'sp1'), 'OK 30', 'of 10, 30 and 60 minutes the middle one');

-- Answers to inquiries (case 81's median) ------------------------------------------------------------------------------------

select tests.become_owner();
insert into desk.tickets (org_id, ticket_id, ticket_type, dept_target, subject, created_by, created_at)
select
    'a0000000-0000-4000-8000-000000000000', 'T' || t.n, t.type, 'EXI', 'x', tap.uid(t.who || '@alpha.test'), pg_temp.at(t.opened)
from (
    values
        (1, 'inquiry tariff', 'sp1', '2026-04-01 00:00'), (2, 'inquiry tariff', 'sp1', '2026-04-30 23:59'),
        (3, 'inquiry tariff', 'sp2', '2026-04-20 09:00'), (4, 'inquiry tariff', 'sp1', '2026-04-20 09:00'),
        (5, 'inquiry tariff', 'sp1', '2026-05-01 00:00'), (6, 'general request', 'sp1', '2026-04-20 09:00')
) as t (n, type, who, opened);
insert into desk.sla_events (org_id, ticket_id, event_type, event_at)
select t.org_id, t.ticket_id, 'FIRST_RESPONSE', t.created_at + make_interval(mins => r.minutes)
from (values ('T1', 1), ('T2', 3), ('T3', 100), ('T5', 7000), ('T6', 8000)) as r (ticket_id, minutes)
join desk.tickets t using (ticket_id);
select tests.become('sm@alpha.test');
select is(pg_temp.actual('SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN'), 'OK 3', 'case 81, P29: the middle of 1, 3 and 100 minutes; the last day counts, what waits does not');
select is(pg_temp.actual('SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN', 'sp1'), 'OK 2', 'of those that sp1 opened');
select is(
    pg_temp.actual('SALES_INQUIRY_FIRST_RESPONSE_MEDIAN_MIN', p_from => '2026-03-01', p_to => '2026-03-31'),
    'NA No inquiry of this period has been answered.', 'none, no middle'
);

-- Every metric answers, for everybody it may be asked for ------------------------------------------------------------------------

select tests.become('dir@alpha.test');
select is_empty(
    $$ select d.metric_key from api.kpi_metric_definitions d where d.calc_method = 'AUTO' and pg_temp.actual(d.metric_key) not similar to '(OK|NA)%' $$,
    'AUTO metrics are known, or say why not'
);
select is(
    (select count(*) from api.kpi_metric_definitions d where pg_temp.actual(d.metric_key) like 'NO_DATA%'), 37::bigint,
    'and of those that are entered nothing was'
);
select tests.become('sa@beta.test');
select is_empty(
    $$ select a from api.kpi_metric_definitions d cross join lateral api.kpi_actual(d.metric_key, '2026-01-01', '2026-12-31') a
       where (a ->> 'value')::numeric <> 0 $$,
    'another organisation''s numbers are its own'
);

select * from finish();
rollback;
