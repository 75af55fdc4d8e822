-- A lead that asks for a tariff: the twelve fields, the department, and not a word of who the customer is.

begin;
select plan(48);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.rfq(p_more jsonb default '{}') returns jsonb
language sql
as $$
    select '{
        "company_name": "PT Rahasia Dagang", "pic_name": "Budi Rahasia", "contact_phone": "0812-9999-777",
        "email": "budi@rahasia.example", "npwp": "01.234.567.8-901.000", "notes": "call Budi", "city_area": "Surabaya",
        "service_code": "EXI_AF", "primary_channel": "SEM", "need_rfq": true,
        "rfq_origin_address": "Jl. Satu 1", "rfq_origin_city": "Jakarta", "rfq_origin_country": "Indonesia",
        "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg", "rfq_destination_country": "Germany",
        "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m",
        "rfq_cargo_weight": "1250.5", "rfq_scope_of_work": "door to port"
    }'::jsonb || p_more
$$;
create function pg_temp.post(p_payload jsonb) returns jsonb
language sql
as $$
    select api.crm_create_lead_bundle(p_payload)
$$;

select tests.become('mc@alpha.test');
select is(
    pg_temp.post(pg_temp.rfq()),
    '{"lead_id": "LEADSEM0103310001", "customer_id": "CUST0103310001", "prospect_id": "ACT0103310001", "ticket_id": "RFQEXI0103310001"}',
    'a complete request opens a ticket at the department that owns the service'
);
select results_eq(
    $$
        select ticket_type, inquiry_status, dept_target, service_code, related_lead_id, related_customer_id,
            need_customer_masking, origin_city, destination_country, cargo_qty, cargo_weight, scope_of_work, created_by
        from api.tickets
    $$,
    $$
        values (
            'inquiry tariff', 'OPEN', 'EXI', 'EXI_AF', 'LEADSEM0103310001', 'CUST0103310001', true, 'Jakarta', 'Germany',
            12::numeric, 1250.5, 'door to port', tap.uid('mc@alpha.test')
        )
    $$,
    'case 58: with what was asked, masked, linked to lead and customer'
);
select results_eq(
    'select event_type from api.sla_events', array['OPENED'], 'and one SLA event'
);
select results_eq(
    'select event_type, prospect_id, ref_id, created_by from api.prospect_events',
    $$ values ('RFQ_CREATED', 'ACT0103310001', 'RFQEXI0103310001', tap.uid('mc@alpha.test')) $$,
    'case 56: the prospect knows of it'
);
select tests.become_owner();
select is_empty(
    $$
        select t.subject, t.description
        from desk.tickets t
        where concat_ws(' ', t.subject, t.description) ~* 'rahasia|dagang|budi|0812|9999|example|012345|01\.234|surabaya'
    $$,
    'case 27, P13: subject and description name no company, person, phone, e-mail or number'
);
select is(
    (select to_jsonb(t)::text ~* 'rahasia|dagang|budi|9999|01\.234' from desk.tickets t), false,
    'case 27, P13: nor does any other field of the ticket'
);

-- One of the twelve missing (case 25)

select tests.become('mc@alpha.test');
select is(
    (pg_temp.post(pg_temp.rfq() - f.name)) - 'lead_id' - 'customer_id' - 'prospect_id' - 'customer_matched_by',
    jsonb_build_object('ticket_id', null, 'rfq_missing_fields', jsonb_build_array(f.name)),
    'case 25: without ' || f.name || ' there is a lead, no ticket, and the answer says what is missing'
)
from (values
    ('rfq_origin_address'), ('rfq_origin_city'), ('rfq_origin_country'), ('rfq_destination_address'), ('rfq_destination_city'),
    ('rfq_destination_country'), ('rfq_cargo_category'), ('rfq_cargo_qty'), ('rfq_cargo_dimensions'), ('rfq_cargo_weight'),
    ('rfq_scope_of_work')
) as f (name);
select is(
    pg_temp.post(pg_temp.rfq('{"rfq_origin_city": "  ", "rfq_cargo_qty": null}')) -> 'rfq_missing_fields',
    '["rfq_cargo_qty", "rfq_origin_city"]',
    'case 25: a blank is missing too, and all are listed'
);
select is((select count(*) from api.leads), 13::bigint, 'case 25: thirteen leads');
select is((select count(*) from api.tickets), 1::bigint, 'case 25: one ticket');
select is(
    pg_temp.post(pg_temp.rfq() - 'need_rfq') - 'lead_id' - 'customer_id' - 'prospect_id',
    '{"ticket_id": null, "customer_matched_by": "npwp"}',
    'case 26: without need_rfq a full set opens none'
);
select is(
    pg_temp.post(pg_temp.rfq('{"need_rfq": false}')) -> 'ticket_id', 'null', 'case 26: nor with need_rfq false'
);

-- The department (decisions §5.19)

select is(
    pg_temp.post(pg_temp.rfq('{"rfq_dept_target": "EXI"}')) ->> 'ticket_id', 'RFQEXI0103310002', 'the department may be named'
);
select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.rfq(%L))', jsonb_build_object('rfq_dept_target', d.dept))),
    array['rfq_dept_target lead.rfq_dept_target.differs'],
    format('but not another one: %s', d.dept)
)
from (values ('DOM'), ('HRD'), ('exi')) as d (dept);
select is(
    pg_temp.post(pg_temp.rfq('{"service_code": " EXI_AF "}')) ->> 'ticket_id', 'RFQEXI0103310003',
    'blanks around the service change nothing of that'
);
select is(
    tests.faults_of(format(
        'select pg_temp.post(pg_temp.rfq(%L))', jsonb_build_object('service_code', ' EXI_AF ', 'rfq_dept_target', d.dept)
    )),
    array['rfq_dept_target lead.rfq_dept_target.differs'],
    format('nor does %s pass beside them', d.dept)
)
from (values ('DOM'), ('HRD')) as d (dept);
select is(
    pg_temp.post(pg_temp.rfq(jsonb_build_object('service_code', s.service_code))) ->> 'ticket_id', s.ticket_id, s.service_code || ' goes to its department'
)
from (values
    ('DOM_LTL', 'RFQDOM0103310001'), ('DTD_FCL', 'RFQDTD0103310001'), ('TRF_WHF', 'RFQTRF0103310001')
) as s (service_code, ticket_id);

-- Wrong values are refused, with the lead's own faults

select is(
    tests.faults_of(format('select pg_temp.post(pg_temp.rfq(%L))', jsonb_build_object(f.name, f.value))),
    array[f.name || ' lead.' || f.name || '.' || f.code],
    format('%s %s', f.name, left(f.value::text, 20))
)
from (values
    ('rfq_cargo_qty', '0'::jsonb, 'format'), ('rfq_cargo_qty', '-1', 'format'), ('rfq_cargo_qty', '"many"', 'format'),
    ('rfq_cargo_weight', '"1.250,5"', 'format'), ('rfq_cargo_weight', '1e400', 'too_long'), ('rfq_cargo_weight', 'true', 'type'),
    ('rfq_cargo_qty', '"NaN"', 'format'), ('rfq_cargo_qty', '"Infinity"', 'format'),
    ('rfq_scope_of_work', to_jsonb(repeat('x', 5001)), 'too_long'), ('rfq_origin_city', '{}', 'type'),
    ('rfq_dept_target', '7', 'type')
) as f (name, value, code);
select is(
    tests.faults_of($$ select pg_temp.post(pg_temp.rfq('{"rfq_cargo_qty": 0, "email": "x", "rfq_color": "red"}')) $$),
    array['email lead.email.format', 'rfq_cargo_qty lead.rfq_cargo_qty.format', 'rfq_color lead.field.unknown'],
    'all at once'
);
select is(
    pg_temp.post(pg_temp.rfq(jsonb_build_object(
        'rfq_origin_country', repeat('o', 100), 'rfq_destination_country', repeat('d', 100), 'rfq_cargo_category', repeat('c', 255),
        'rfq_cargo_dimensions', repeat('x', 255), 'rfq_scope_of_work', repeat('s', 5000), 'rfq_origin_address', repeat('a', 1000)
    ))) ->> 'ticket_id',
    'RFQEXI0103310004',
    'the longest values that are allowed are a ticket'
);

-- Ops answer RFQs, they do not read the raw ticket (cases 61, 62 come with the masked view)

select tests.become('exi@alpha.test');
select is_empty('select from api.tickets', 'case 61, P13: operations do not see the raw ticket');
select is_empty('select from api.leads', 'case 61, P13: nor the lead');
select is_empty('select from api.notifications', 'P13: nor anything about it in their notifications');

select * from finish();
rollback;
