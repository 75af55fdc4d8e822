-- Readable ids: prefix, day where the organisation is, a number that is never cut off, and never the client's choice.

begin;
select plan(27);

-- Half past midnight of 1 March in Jakarta; still 28 February in UTC.
insert into app.clock (frozen_at) values ('2031-02-28 17:30:00+00');

create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF', 'primary_channel', 'SEM',
        'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;

select tests.become('mc@alpha.test');
select results_eq(
    $$
        select c.primary_channel, api.crm_create_lead_bundle(
            pg_temp.lead('PT ' || c.primary_channel, jsonb_build_object('primary_channel', c.primary_channel))
        ) ->> 'lead_id'
        from crm.lead_channels c
        order by c.primary_channel collate "C"
    $$,
    $$
        values
            ('Event Offline', 'LEADEV0103310001'), ('LinkedIn', 'LEADLI0103310001'), ('Other', 'LEAD0103310001'),
            ('Paid Social', 'LEADPS0103310001'), ('Partnership/Referral', 'LEADREF0103310001'),
            ('SEM', 'LEADSEM0103310001'), ('Sales Outbound', 'LEADSO0103310001'), ('Sales Referral', 'LEADSR0103310001'),
            ('Trade Show', 'LEADTS0103310001'), ('Webinar & Live', 'LEADWL0103310001'),
            ('Website (Direct/Referral)', 'LEADWEB0103310001')
    $$,
    'case 5: a lead''s id is the prefix of its channel, DDMMYY and four digits'
);
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Second')) - 'ticket_id',
    '{"lead_id": "LEADSEM0103310002", "customer_id": "CUST0103310012", "prospect_id": "ACT0103310012"}',
    'case 5: the second of a day has the next number; customers CUST and prospects ACT count for themselves'
);
select is(
    (select l.lead_date from api.leads l where l.lead_id = 'LEADSEM0103310002'),
    '2031-03-01'::date,
    'case 9: at 00:30 in Jakarta lead_date is the day in Jakarta'
);
set local timezone = 'America/Los_Angeles';
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Third')) ->> 'lead_id',
    'LEADSEM0103310003',
    'P8: the session''s time zone does not move the day'
);
set local timezone = 'UTC';
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Late', '{"lead_date": "2031-02-27"}')) - 'prospect_id' - 'ticket_id',
    '{"lead_id": "LEADSEM2702310001", "customer_id": "CUST0103310014"}',
    'case 5: a lead is numbered by its lead_date, its customer by today'
);
select is(
    api.crm_create_lead_bundle(pg_temp.lead('PT Today', '{"lead_date": "2031-03-01"}')) ->> 'lead_id',
    'LEADSEM0103310004',
    'case 9: today in Jakarta is not the future'
);
select is(
    tests.faults_of($$ select api.crm_create_lead_bundle(pg_temp.lead('PT Tomorrow', '{"lead_date": "2031-03-02"}')) $$),
    array['lead_date lead.lead_date.future'],
    'case 9: tomorrow in Jakarta is'
);

-- The client never chooses

select is(
    tests.faults_of(format(
        $$ select api.crm_create_lead_bundle(pg_temp.lead('PT Mine', '{"%s": "X1"}')) $$, k.name
    )),
    array[k.name || ' lead.field.unknown'],
    'case 7: ' || k.name || ' from the client is refused'
)
from (values ('lead_id'), ('customer_id'), ('prospect_id'), ('ticket_id')) as k (name);

-- Beyond four digits

select tests.become_owner();
update app.id_sequences set last_seq = 9998 where prefix = 'LEADSEM' and date_part = '010331';
select tests.become('mc@alpha.test');
select is(
    array(
        select api.crm_create_lead_bundle(pg_temp.lead('PT No ' || n)) ->> 'lead_id'
        from generate_series(9999, 10001) n
    ),
    array['LEADSEM0103319999', 'LEADSEM01033110000', 'LEADSEM01033110001'],
    'case 8: after 9999 comes 10000, with five digits'
);
select tests.become_owner();
select is(
    (
        select count(distinct app.format_prefixed_id('CUST', '2031-03-01', n)) from generate_series(1, 100000) n
    ),
    100000::bigint,
    'P7: a hundred thousand numbers of one day are a hundred thousand ids (customers case 11)'
);
select is(
    app.format_prefixed_ids('CUST', '2031-03-01', 9998, 4),
    array(select app.format_prefixed_id('CUST', '2031-03-01', n) from generate_series(9998, 10001) n),
    'P7: a block reads as its ids do one by one'
);
select is(app.format_prefixed_id('MKT', '2026-01-01', 1, 3), 'MKT010126001', 'case 5: user codes have three digits');
select is(app.format_prefixed_id('MKT', '2026-01-01', 1000, 3), 'MKT0101261000', 'P7: and are not cut off either');

-- Blocks

select is(
    app.reserve_ids('a0000000-0000-4000-8000-000000000000', 'BLOCK', '2031-03-01', 5000), 1::bigint,
    'a block of 5000 begins at 1'
);
select is(
    app.next_prefixed_id('a0000000-0000-4000-8000-000000000000', 'BLOCK', '2031-03-01'), 'BLOCK0103315001',
    'and the next single number follows it'
);
select is(
    app.next_prefixed_id('b0000000-0000-4000-8000-000000000000', 'BLOCK', '2031-03-01'), 'BLOCK0103310001',
    'another organisation counts for itself'
);
select is(
    app.next_prefixed_id('a0000000-0000-4000-8000-000000000000', 'BLOCK', '2031-03-02'), 'BLOCK0203310001',
    'another day begins anew'
);

-- New people

select is(
    (
        with made as (
            select app.create_profile('a0000000-0000-4000-8000-000000000000', 'new@alpha.test', 'New', 'dgo', 'MKT') as user_id
        )
        select count(*) from made
    ),
    1::bigint,
    'somebody joins'
);
select is(
    (select p.user_code from app.profiles p where p.email = 'new@alpha.test'), 'MKT010331001',
    'case 5: a user code is department, day in Jakarta, three digits'
);

-- Nobody touches the counters

select tests.become('sa@alpha.test');
select is(tests.error_of(a.statement), '42501', 'case 10: ' || a.statement || ' is denied')
from (values
    ('select last_seq from app.id_sequences'),
    ('update app.id_sequences set last_seq = 0'),
    ('delete from app.id_sequences'),
    ($$ insert into app.id_sequences (org_id, prefix, date_part) values (app.org_id(), 'LEAD', '010331') $$),
    ($$ select app.reserve_ids(app.org_id(), 'LEAD', '2031-03-01') $$)
) as a (statement);

select * from finish();
rollback;
