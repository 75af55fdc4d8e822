-- Pages of leads: each row once, newest first, filters that say what they select, and nothing beyond what one sees.

begin;
select plan(30);

-- 250 leads of one moment (as a file makes them), some of another, owned by sp1 and sp2 in turn.
select tests.become_owner();
insert into crm.customers (org_id, customer_id, company_name)
values ('a0000000-0000-4000-8000-000000000000', 'CUST-A', 'PT A'), ('a0000000-0000-4000-8000-000000000000', 'CUST-B', 'PT B');
insert into crm.prospects (org_id, prospect_id, customer_id, owner_user_id)
values
    ('a0000000-0000-4000-8000-000000000000', 'ACT-A', 'CUST-A', tap.uid('sp1@alpha.test')),
    ('a0000000-0000-4000-8000-000000000000', 'ACT-B', 'CUST-B', tap.uid('sp2@alpha.test'));
insert into crm.leads (
    org_id, lead_id, lead_date, company_name, pic_name, contact_phone, email, city_area, service_code, sourced_by,
    primary_channel, status, next_step, due_date, sales_owner_user_id, customer_id, prospect_id, created_by, created_at
)
select
    'a0000000-0000-4000-8000-000000000000', 'LEAD-' || lpad(n::text, 4, '0'), '2031-01-01'::date + n % 30, 'PT ' || n, 'T',
    '081234567', 't@t.example', 'J', case when n % 3 = 0 then 'EXI_AF' else 'DOM_LTL' end, 'Sales',
    case when n % 4 = 0 then 'SEM' else 'Other' end, case when n % 5 = 0 then 'Contacted' else 'New' end, 'Call', '2031-03-08',
    case when n % 2 = 0 then tap.uid('sp1@alpha.test') else tap.uid('sp2@alpha.test') end,
    case when n % 2 = 0 then 'CUST-A' else 'CUST-B' end, case when n % 2 = 0 then 'ACT-A' else 'ACT-B' end,
    tap.uid('mm@alpha.test'),
    case when n <= 250 then '2031-02-01 00:00:00.123456+00'::timestamptz else '2031-02-02 00:00:00+00'::timestamptz + n * interval '1 s' end
from generate_series(1, 260) n;

reset role;
create function pg_temp.walk(p_filters jsonb, p_limit integer) returns table (page integer, lead_id text)
language plpgsql
as $$
declare
    v_after jsonb;
    v_answer jsonb;
begin
    for v_page in 1 .. 100 loop
        v_answer := api.crm_list_leads(p_filters, p_limit, v_after);
        return query select v_page, i ->> 'lead_id' from jsonb_array_elements(v_answer -> 'items') i;
        v_after := v_answer -> 'next';
        exit when v_after = 'null';
    end loop;
end
$$;
create function pg_temp.found(p_filters jsonb) returns bigint
language sql
as $$
    select count(*) from pg_temp.walk(p_filters, 100)
$$;

select tests.become('mm@alpha.test');
select is((select count(*) from pg_temp.walk('{}', 7)), 260::bigint, 'pages of 7 hold 260 leads');
select is((select count(distinct w.lead_id) from pg_temp.walk('{}', 7) w), 260::bigint, 'each of them once, though 250 are of one moment');
select is((select max(w.page) from pg_temp.walk('{}', 100) w), 3, 'pages of 100: three');
select is((select max(w.page) from pg_temp.walk('{}', 52) w), 5, 'pages of 52: five, and no empty sixth');
select results_eq(
    $$ select i ->> 'lead_id' from jsonb_array_elements(api.crm_list_leads('{}', 3) -> 'items') i $$,
    array['LEAD-0260', 'LEAD-0259', 'LEAD-0258'],
    'newest first'
);
select results_eq(
    'select w.lead_id from pg_temp.walk(''{}'', 33) w',
    'select l.lead_id from api.leads l order by l.created_at desc, l.lead_id desc',
    'in one order, that of the view sorted'
);
select is(jsonb_array_length(api.crm_list_leads('{}', 0) -> 'items'), 1, 'a page has at least one');
select is(jsonb_array_length(api.crm_list_leads('{}', 100000) -> 'items'), 100, 'and at most a hundred');
select is(jsonb_array_length(api.crm_list_leads('{}', null) -> 'items'), 50, 'and fifty when nothing is said');
select is(api.crm_list_leads('{}', 1) -> 'items' -> 0 -> 'org_id', null, 'the organisation is not repeated in each row');

select is(pg_temp.found(f.filters), f.expected, 'filter ' || f.filters::text)
from (
    values
        ('{"status": "Contacted"}'::jsonb, 52::bigint),
        ('{"primary_channel": "SEM"}', 65),
        ('{"service_code": "EXI_AF"}', 86),
        (jsonb_build_object('sales_owner_user_id', tap.uid('sp1@alpha.test')), 130),
        (jsonb_build_object('created_by', tap.uid('mm@alpha.test')), 260),
        (jsonb_build_object('created_by', tap.uid('sp1@alpha.test')), 0),
        ('{"customer_id": "CUST-B"}', 130),
        ('{"customer_id": "CUST-NONE"}', 0),
        ('{"lead_date_from": "2031-01-02", "lead_date_to": "2031-01-03"}', 18),
        ('{"lead_date_to": "2030-12-31"}', 0),
        ('{"status": "Contacted", "primary_channel": "SEM", "customer_id": "CUST-A"}', 13)
) as f (filters, expected);

-- The same for those who see their own only: another way through the same rows

select tests.become('sp1@alpha.test');
select results_eq(
    'select w.lead_id from pg_temp.walk(''{}'', 13) w',
    'select l.lead_id from api.leads l order by l.created_at desc, l.lead_id desc',
    'case 40: a salesperson walks through what the view shows'
);
select is((select count(*) from pg_temp.walk('{}', 13)), 130::bigint, 'case 40: half of them');
select is(
    pg_temp.found(jsonb_build_object('sales_owner_user_id', tap.uid('sp2@alpha.test'))), 0::bigint,
    'case 40: asking for another''s leads finds none'
);
select is(pg_temp.found('{"status": "Contacted", "customer_id": "CUST-A"}'), 26::bigint, 'filters hold there too');
select is(
    pg_temp.found('{"lead_date_from": "2031-01-02", "lead_date_to": "2031-01-03"}'), 9::bigint, 'and days'
);
select tests.become('sm@alpha.test');
select is(pg_temp.found('{}'), 260::bigint, 'a manager walks through the team''s');
select tests.become('sm2@alpha.test');
select is(api.crm_list_leads('{}'), '{"items": [], "next": null}', 'another one through none');
select tests.become('mm@beta.test');
select is(pg_temp.found('{}'), 0::bigint, 'another organisation has none of them');
select is(
    tests.error_of($$ select api.crm_get_lead('LEAD-0001') $$), 'PT404 lead.not_found', 'nor one by its id'
);

select * from finish();
rollback;
