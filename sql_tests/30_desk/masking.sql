-- What operations see of a ticket about a lead: enough to quote, and not a word of who asks (pitfall P13).

begin;
select plan(19);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create temporary table made (ticket_id text, lead_id text, customer_id text, prospect_id text) on commit drop;
grant all on made to public;

select tests.become('mc@alpha.test');
insert into made
select b ->> 'ticket_id', b ->> 'lead_id', b ->> 'customer_id', b ->> 'prospect_id'
from api.crm_create_lead_bundle('{
    "company_name": "PT Rahasia-Dagang Tbk", "pic_name": "Budi Santoso", "contact_phone": "+62 812-9999-7771",
    "email": "budi.s@kilauan.example", "npwp": "01.234.567.8-901.000", "city_area": "Surabaya", "service_code": "EXI_AF",
    "primary_channel": "SEM", "need_rfq": true, "rfq_origin_address": "Jl. Rahasia Dagang 1", "rfq_origin_city": "Surabaya",
    "rfq_origin_country": "Indonesia", "rfq_destination_address": "Two Street 2", "rfq_destination_city": "Hamburg",
    "rfq_destination_country": "Germany", "rfq_cargo_category": "Furniture", "rfq_cargo_qty": 12, "rfq_cargo_dimensions": "1x2x3 m",
    "rfq_cargo_weight": "1250.5", "rfq_scope_of_work": "door to port"
}') b;
select api.ticket_update(m.ticket_id, jsonb_build_object(
    'subject', 'Tariff for rahasia  dagang, BUDI',
    'description', format(
        'Mr Santoso (0812 9999 7771, (62)81299997771, budi.s@kilauan.example, www.kilauan.example, other@mail.example, 0219998887, '
        'NPWP 012345678901000) of %s, %s, %s. 12 boxes, 0.5 x 1.25 m, ready 01-04-2031', m.customer_id, m.lead_id, m.prospect_id
    ),
    'scope_of_work', 'Dagangan from door to port', 'cargo_category', 'Furniture of Rahasia Dagang'
))
from made m;
select api.ticket_create('{"ticket_type": "request pickup", "dept_target": "EXI", "subject": "Rahasia"}'::jsonb || jsonb_build_object('related_lead_id', m.lead_id))
from made m;
-- The company gives itself another name, and everybody forgets the old one.
select tests.become_owner();
update crm.customers c set company_name = 'PT Terang' from made m where c.customer_id = m.customer_id;
update crm.leads l set company_name = 'PT Terang', pic_name = 'Ani' from made m where l.lead_id = m.lead_id;

select tests.become('exi@alpha.test');
select is_empty('select from api.tickets', 'case 61: operations do not see the row');
select is_empty('select from desk.tickets', 'case 61: nor in the table');
select results_eq(
    $$
        select
            customer_company_name, customer_pic_name, customer_pic_phone, customer_pic_email, is_masked, related_lead_id,
            related_customer_id, created_by
        from api.v_ops_rfqs_masked
    $$,
    $$ values ('MASKED', 'MASKED', 'MASKED', 'MASKED', true, null::text, null::text, null::uuid) $$,
    'case 61: but that there is one, masked'
);
select results_eq(
    'select subject, description, scope_of_work, cargo_category, origin_address, origin_city, cargo_qty, destination_country from api.v_ops_rfqs_masked',
    $$
        values (
            'Tariff for [masked], [masked]',
            'Mr [masked] ([masked], ([masked], [masked], www.[masked], [masked], [masked], NPWP [masked]) of [masked], [masked], '
            '[masked]. 12 boxes, 0.5 x 1.25 m, ready 01-04-2031',
            '[masked]an from door to port', 'Furniture of [masked]', 'Jl. [masked] 1', 'Surabaya', 12::numeric, 'Germany'
        )
    $$,
    'case 62, P13: whatever was typed where, with numbers in any spelling and names of before; the cargo stays'
);
select ok(
    to_jsonb(v)::text !~* 'rahasia|budi|santoso|kilauan|9999|CUST[0-9]|LEADSEM|ACT[0-9]|8901', 'case 62: not a word of it stands in the row'
)
from api.v_ops_rfqs_masked v;
select results_eq(
    $$
        select i ->> 'ticket_id', i ->> 'subject', i ->> 'is_masked', i ->> 'related_lead_id', i ->> 'created_by'
        from jsonb_array_elements(api.desk_list_tickets() -> 'items') i
        order by 1
    $$,
    $$
        select m.ticket_id, 'Tariff for [masked], [masked]', 'true', null, null from made m
        union all values ('REQPU0103310001', '[masked]', 'true', null, null)
        order by 1
    $$,
    'the list has every masked ticket of the department, pickups too'
);
select is(
    api.desk_get_ticket(m.ticket_id) ->> 'subject', 'Tariff for [masked], [masked]', 'and so has the page of one'
)
from made m;
select is(
    jsonb_array_length(api.desk_list_tickets(jsonb_build_object('created_by', tap.uid('mc@alpha.test'))) -> 'items'), 0,
    'a filter does not tell who wrote it'
);
select is(
    jsonb_array_length(api.desk_list_tickets(jsonb_build_object('related_lead_id', m.lead_id)) -> 'items')
    + jsonb_array_length(api.desk_list_tickets(jsonb_build_object('related_customer_id', m.customer_id)) -> 'items'),
    0, 'nor whom it is about'
)
from made m;
select is(
    api.ticket_transition(m.ticket_id, 'WAITING RESPON') ->> 'status', 'WAITING RESPON', 'case 67: they work on it all the same'
)
from made m;

-- A function that tells what it is asked about gets to see nothing (case 151)

reset role;
create temporary table leaked (word text);
grant insert, select on leaked to public;
create function pg_temp.leaky(p_text text) returns boolean
language plpgsql cost 0.0000001
as $$
begin
    insert into pg_temp.leaked values (p_text);
    return true;
end
$$;
select tests.become('exi@alpha.test');
select isnt_empty('select from api.v_ops_rfqs_masked where pg_temp.leaky(subject) and pg_temp.leaky(description)', 'case 151: a leaky function is run');
select is_empty($$ select from leaked where word ~* 'rahasia|budi|santoso|kilauan' $$, 'case 151: and sees what its caller sees');

-- Others

select tests.become('dom@alpha.test');
select is_empty('select from api.v_ops_rfqs_masked', 'case 63: another department sees none');
select is(tests.error_of(format('select api.ticket_transition(%L, %L)', m.ticket_id, 'CLOSED')), 'PT404 ticket.not_found', 'case 68: and moves none') from made m;
select tests.become(c.who) from (values ('mc@alpha.test')) as c (who);
select is_empty('select from api.v_ops_rfqs_masked', 'case 63: those who see tickets as they are have no use for the view');
select results_eq(
    'select related_lead_id, related_customer_id from api.tickets where ticket_type = ''inquiry tariff''', 'select lead_id, customer_id from made',
    'case 66: its author reads it with lead and customer'
);

-- Not about a lead (case 65)

select tests.become('mm@alpha.test');
select isnt(
    api.ticket_create(
        '{"ticket_type": "inquiry tariff", "service_code": "EXI_AF", "subject": "Open"}'::jsonb
        || jsonb_build_object('related_customer_id', m.customer_id)
    ) ->> 'ticket_id',
    null, 'an inquiry for a customer without a lead'
)
from made m;
select tests.become('exi@alpha.test');
select results_eq(
    'select customer_company_name, customer_pic_name, customer_pic_email, is_masked, subject from api.v_ops_rfqs_masked where not is_masked',
    $$ values ('PT Terang', 'MASKED', 'MASKED', false, 'Open') $$,
    'case 65: shows the company, and still no person'
);
select results_eq(
    'select related_customer_id from api.tickets', $$ values (null::text) $$, 'case 65: and no id that joins back'
);

select * from finish();
rollback;
