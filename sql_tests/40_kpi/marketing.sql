-- Spend and activities of marketing, and what a channel costs and brings.

begin;
select plan(38);
\ir _kpi.psql

create temporary table answers (answer jsonb) on commit drop;
grant insert on answers to public;

create function pg_temp.spend(p_channel text, p_amount numeric, p_day text default '2026-04-10') returns jsonb
language sql
as $$ select jsonb_build_object('channel', p_channel, 'amount', p_amount, 'spend_date', p_day) $$;

-- A lead of a customer, and an invoice to it; as the owner, since what matters here is what is made of them.
create function pg_temp.lead(p_customer text, p_day date, p_channel text, p_sourced_by text, p_creator text, p_campaign text default null)
returns void
language sql
as $$
    insert into crm.customers (org_id, customer_id, company_name)
    values ('a0000000-0000-4000-8000-000000000000', p_customer, p_customer)
    on conflict do nothing;
    insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
    values ('a0000000-0000-4000-8000-000000000000', p_customer, p_customer, tap.uid('sp1@alpha.test'))
    on conflict do nothing;
    insert into crm.leads (
        org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
        primary_channel, campaign_name, next_step, due_date, customer_id, prospect_id, created_by
    )
    select
        'a0000000-0000-4000-8000-000000000000', p_customer || p_day || p_channel, p_day, p_customer, 'PIC', '0812', 'p@x.test', 'Jakarta',
        'EXI_AF', p_sourced_by, p_channel, p_campaign, 'Call', p_day, p_customer, p_customer, tap.uid(p_creator || '@alpha.test')
$$;

create function pg_temp.invoice(p_customer text, p_day date, p_amount numeric, p_currency text default 'IDR', p_status text default 'SENT')
returns void
language sql
as $$
    insert into ar.invoices (org_id, customer_id, invoice_date, due_date, invoice_amount, currency, status, voided_at, void_reason)
    values (
        'a0000000-0000-4000-8000-000000000000', p_customer, p_day, p_day, p_amount, p_currency, p_status,
        case p_status when 'VOID' then now() end, case p_status when 'VOID' then 'wrong' end
    )
$$;

-- Who records (spec §1.7)

select tests.become('mc@alpha.test');
select lives_ok($$ select api.kpi_add_spend(pg_temp.spend('SEM', 600.50)) $$, 'marcomm records spend');
select lives_ok($$ select api.kpi_add_spend(pg_temp.spend('SEM', 399.50, '2026-04-30')) $$, 'and more on the last day');
select lives_ok($$ select api.kpi_add_spend(pg_temp.spend('SEM', 5000, '2026-05-01')) $$, 'and much the day after');
select is(
    tests.faults_of($$ select api.kpi_add_spend(pg_temp.spend('Radio', -1, 'today')) $$),
    array['amount spend.amount.range', 'spend_date spend.spend_date.type'], 'less than nothing on no day'
);
select is(
    tests.faults_of($$ select api.kpi_add_spend(pg_temp.spend('Radio', 1)) $$), array['channel spend.channel.unknown'], 'on no channel'
);
select is(
    tests.faults_of($$ select api.kpi_add_spend(pg_temp.spend('SEM', 0.001)) $$), array['amount spend.amount.range'], 'less than a cent'
);
select lives_ok(
    $$ select api.kpi_add_marketing_activity('{"activity_name": "social_post", "activity_date": "2026-04-10", "quantity": 2}') $$,
    'and what was done'
);
select is(
    tests.faults_of($$ select api.kpi_add_marketing_activity('{"activity_name": " ", "activity_date": "2026-04-10", "quantity": 0}') $$),
    array['activity_name marketing_activity.activity_name.required', 'quantity marketing_activity.quantity.range'], 'not nothing, though'
);
insert into ids select 'spend', min(spend_id) from api.marketing_spend;
insert into ids select 'activity', activity_id from api.marketing_activity_events;
select is(
    (api.kpi_update_spend((select id from ids where name = 'spend'), '{"campaign_name": "Lebaran", "amount": 600}') ->> 'campaign_name'),
    'Lebaran', 'marcomm corrects it'
);
select tests.become('dgo@alpha.test');
select is(
    tests.error_of($$ select api.kpi_update_spend((select id from ids where name = 'spend'), '{"amount": 1}') $$), 'PT403 permission.denied',
    'others of marketing see it and leave it'
);
select is(
    tests.error_of($$ select api.kpi_delete_marketing_activity((select id from ids where name = 'activity')) $$), 'PT403 permission.denied',
    'and do not remove it'
);
select is(
    tests.error_of($$ select api.kpi_delete_spend(987654) $$), 'PT404 spend.not_found', 'nor what is not there'
);
select tests.become('sp1@alpha.test');
select is(tests.error_of($$ select api.kpi_add_spend(pg_temp.spend('SEM', 1)) $$), 'PT403 permission.denied', 'sales record none');
select is(tests.error_of($$ select api.kpi_list_spend() $$), 'PT403 permission.denied', 'nor see any');
select tests.become('dir@alpha.test');
select is(tests.error_of($$ select api.kpi_add_spend(pg_temp.spend('SEM', 1)) $$), 'PT403 permission.denied', 'case 101: a director records none');
select is(jsonb_array_length(api.kpi_list_spend('{"channel": "SEM", "spend_date_to": "2026-04-30"}') -> 'items'), 2, 'and sees it');
select tests.become('mc@alpha.test');
select lives_ok($$ select api.kpi_delete_marketing_activity((select id from ids where name = 'activity')) $$, 'one''s own can be removed');
select results_eq(
    $$ select table_name, action, changed_by from app.audit_logs where table_name like 'kpi.marketing_activity%' order by audit_id $$,
    $$ select 'kpi.marketing_activity_events'::text, a, tap.uid('mc@alpha.test') from unnest('{INSERT,DELETE}'::text[]) a $$,
    'case 100: and that is on record'
) from (select tests.become_owner()) o;

-- Spend metrics: what was recorded, else entries, never both

select tests.become('mc@alpha.test');
insert into answers select api.kpi_add_entry(pg_temp.entry('MARCOMM_SEM_SPEND', 7));
select is(pg_temp.actual('MARCOMM_SEM_SPEND', 'mc'), 'OK 999.5', 'recorded spend goes before an entry, and the last day counts');
select is(pg_temp.actual('MARCOMM_SEM_SPEND', 'mc', '2026-04-11', '2026-04-20'), 'NO_DATA Nothing has been entered for this period.', 'not outside');
insert into answers select api.kpi_add_entry(pg_temp.entry('DGO_PAID_SOCIAL_SPEND', 70));
select is(pg_temp.actual('DGO_PAID_SOCIAL_SPEND', 'mc'), 'OK 70', 'without any the entry counts');
select is(
    (select a ->> 'source' from api.kpi_actual('MARCOMM_SEM_SPEND', '2026-04-01', '2026-04-30', tap.uid('mc@alpha.test')) a),
    'marketing_spend', 'and it says which it is'
);

-- Cost per lead, attribution

select tests.become_owner();
select lives_ok(
    $$
        select pg_temp.lead('C1', '2026-04-02', 'SEM', 'Marketing', 'mc', 'Lebaran'),
               pg_temp.lead('C2', '2026-04-03', 'SEM', 'Marketing', 'dgo'),
               pg_temp.lead('C3', '2026-04-03', 'Paid Social', 'Marketing', 'dgo', 'Lebaran'),
               pg_temp.lead('C4', '2026-04-04', 'Other', 'Marketing', 'mm', 'Lebaran'),
               -- C1 came back through sales on the 20th.
               pg_temp.lead('C1', '2026-04-20', 'Sales Outbound', 'Sales', 'sp1'),
               pg_temp.lead('C5', '2026-05-01', 'SEM', 'Marketing', 'mc'),
               pg_temp.invoice('C1', '2026-04-02', 1000), -- on the day of the lead: SEM
               pg_temp.invoice('C1', '2026-04-19', 500), -- SEM still
               pg_temp.invoice('C1', '2026-04-20', 90000), -- sales
               pg_temp.invoice('C2', '2026-04-02', 80000), -- before its first lead
               pg_temp.invoice('C3', '2026-04-30', 300), -- Paid Social, on the last day
               pg_temp.invoice('C3', '2026-05-01', 70000), -- the day after
               pg_temp.invoice('C4', '2026-04-10', 40), -- another channel
               pg_temp.invoice('C4', '2026-04-10', 60000, 'USD'),
               pg_temp.invoice('C4', '2026-04-10', 50000, p_status => 'VOID')
    $$,
    'leads and invoices of April'
);

select tests.become('mm@alpha.test');
select is((select count(*) from api.invoices), 0::bigint, 'case 98, P10: a marketing manager reads no invoice');
select is(pg_temp.actual('MKT_REVENUE_ATTRIBUTED'), 'OK 1840', 'case 98, P10: and knows what marketing''s leads brought, by the last touch before each');
select is(pg_temp.actual('MKT_REVENUE_ATTRIBUTED', 'mc'), 'OK 1500', 'of it by the leads of one person');
select is(pg_temp.actual('MKT_LEADS_BY_CHANNEL'), 'OK 5', 'leads of April, the last day included');
select is(
    api.kpi_actual('MKT_LEADS_BY_CHANNEL', '2026-04-01', '2026-04-30') -> 'details',
    '{"SEM": 2, "Paid Social": 1, "Other": 1, "Sales Outbound": 1}', 'by channel'
);
select is(pg_temp.actual('MKT_ATTRIBUTION_COMPLETENESS_PCT'), 'OK 40', 'two of five have a campaign and a channel');
select is(pg_temp.actual('MARCOMM_SEM_CPL'), 'OK 499.75', 'P19: SEM cost what was spent by its leads, those of the period');
select is(pg_temp.actual('MARCOMM_ROAS'), 'OK ' || trim_scale(1500 / 999.5), 'and brought this for each rupiah');
select is(pg_temp.actual('DGO_PAID_SOCIAL_CPL'), 'OK 0', 'what cost nothing has no cost');
select is(pg_temp.actual('DGO_ROAS'), 'NA Nothing was spent on this channel in this period.', 'and no return on it');
select is(pg_temp.actual('MARCOMM_SEM_CPL', p_from => '2026-04-10', p_to => '2026-04-12'), 'NA There is no lead of this channel in this period.', 'no leads, no cost of one');
select tests.become('mc@alpha.test');
select is((select count(*) from api.leads where primary_channel = 'SEM'), 2::bigint, 'marcomm sees their own leads');
select is(pg_temp.actual('MARCOMM_SEM_CPL', 'mc'), 'OK 499.75', 'P10: and is told the cost of all');
select results_eq(
    $$ select day, spend_idr, leads_count, cpl_idr from api.v_marketing_cpl_daily where primary_channel = 'SEM' order by day $$,
    $$ values
        ('2026-04-02'::date, 0.0, 1::bigint, 0.0), ('2026-04-03', 0, 1, 0), ('2026-04-10', 600, 0, null),
        ('2026-04-30', 399.5, 0, null), ('2026-05-01', 5000, 1, 5000) $$,
    'P19: days with spend alone and days with leads alone are there'
);
select tests.become('sp1@alpha.test');
select is((select count(*) from api.v_marketing_cpl_daily), 0::bigint, 'P9: sales see no cost');

select * from finish();
rollback;
