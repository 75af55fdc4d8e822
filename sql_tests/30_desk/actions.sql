-- Opening, assigning, editing and finding tickets, as each role may.

begin;
select plan(37);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.open(p_more jsonb default '{}') returns text
language sql
as $$
    select api.ticket_create(
        '{"ticket_type": "general request", "dept_target": "EXI", "subject": "S"}'::jsonb || p_more
    ) ->> 'ticket_id'
$$;

create temporary table made (lead_id text, customer_id text) on commit drop;
grant all on made to public;

-- Opening (cases 58, 80, 152)

select tests.become('sp1@alpha.test');
select is(
    api.ticket_create('{"ticket_type": "inquiry tariff", "service_code": "EXI_AF", "subject": " S "}') - 'updated_at',
    '{
        "ticket_id": "RFQEXI0103310001", "ticket_type": "inquiry tariff", "status": "OPEN", "dept_target": "EXI",
        "assigned_to": null, "closed_at": null, "created_at": "2031-03-01T05:00:00+00:00"
    }'::jsonb,
    'an inquiry goes to the department that owns the service, and is open'
);
select results_eq(
    'select created_by, subject from api.tickets', $$ values (tap.uid('sp1@alpha.test'), 'S') $$,
    'case 80: it is the caller''s, and nothing is in its words but words'
);
select is(
    tests.faults_of($$ select api.ticket_create('{"created_by": "a0000000-0000-4000-8000-000000000002", "status": "CLOSED",
        "need_customer_masking": false, "ticket_id": "X", "ticket_type": "general request", "dept_target": "EXI", "subject": "S"}') $$),
    array[
        'created_by ticket.field.unknown', 'need_customer_masking ticket.field.unknown', 'status ticket.field.unknown',
        'ticket_id ticket.field.unknown'
    ],
    'case 80: nobody names another author, a status, an id or no masking'
);
select is(tests.faults_of(format('select api.ticket_create(%L)', c.payload)), c.faults, c.what)
from (values
    (
        '{}'::jsonb, array['dept_target ticket.dept_target.required', 'subject ticket.subject.required', 'ticket_type ticket.ticket_type.required'],
        'what is required'
    ),
    (
        '{"ticket_type": "complaint", "dept_target": "HRD", "subject": 5, "service_code": "NONE", "cargo_qty": 0, "cargo_weight": "heavy"}',
        array[
            'cargo_qty ticket.cargo_qty.format', 'cargo_weight ticket.cargo_weight.format', 'dept_target ticket.dept_target.unknown',
            'service_code ticket.service_code.unknown', 'subject ticket.subject.type', 'ticket_type ticket.ticket_type.unknown'
        ],
        'everything that is wrong is said at once'
    ),
    (
        '{"ticket_type": "inquiry tariff", "dept_target": "DOM", "service_code": "EXI_AF", "subject": "S"}',
        array['dept_target ticket.dept_target.differs'], 'an inquiry does not go past the department that owns the service'
    ),
    (
        '{"ticket_type": "general request", "dept_target": "EXI", "subject": "S", "related_lead_id": "NOSUCHLEAD", "related_customer_id": "CUST0"}',
        array['related_customer_id ticket.related_customer_id.unknown', 'related_lead_id ticket.related_lead_id.unknown'],
        'leads and customers that are not there'
    )
) as c (payload, faults, what);

select tests.become('mc@alpha.test');
insert into made
select b ->> 'lead_id', b ->> 'customer_id'
from api.crm_create_lead_bundle('{
    "company_name": "PT Rahasia Dagang", "pic_name": "Budi Santoso", "contact_phone": "0812-9999-777", "email": "budi@rahasia.example",
    "city_area": "Surabaya", "service_code": "EXI_AF", "primary_channel": "SEM"
}') b;
select tests.become('exi@alpha.test');
select is(
    tests.faults_of(format(
        'select api.ticket_create(%L)',
        '{"ticket_type": "general request", "dept_target": "EXI", "subject": "S"}'::jsonb
        || jsonb_build_object('related_lead_id', m.lead_id, 'related_customer_id', m.customer_id)
    )),
    array['related_customer_id ticket.related_customer_id.unknown', 'related_lead_id ticket.related_lead_id.unknown'],
    'case 152: and those that one may not see, in the same words'
)
from made m;
select tests.become('mc@alpha.test');
select is(
    pg_temp.open(jsonb_build_object('ticket_type', 'inquiry tariff', 'related_lead_id', m.lead_id)), 'RFQEXI0103310002', 'whoever sees the lead asks for a tariff'
)
from made m;
select results_eq(
    $$ select need_customer_masking, related_lead_id, related_customer_id from api.tickets where ticket_id = 'RFQEXI0103310002' $$,
    'select true, lead_id, customer_id from made',
    'case 58: about a lead it is masked, and the customer is the lead''s'
);
select results_eq(
    $$ select event_type, ref_id from api.prospect_events $$, $$ values ('RFQ_CREATED', 'RFQEXI0103310002') $$,
    'case 56: the prospect''s story has it, without asking anybody again'
);
select tests.become('dir@alpha.test');
select is(tests.error_of('select pg_temp.open()'), 'PT403 permission.denied', 'P15: a director opens none');
select tests.become('fin@alpha.test');
select is(tests.error_of('select pg_temp.open()'), 'PT403 permission.denied', 'D2: finance opens none for others');
select is(pg_temp.open('{"dept_target": "FIN"}'), 'GENFIN0103310001', 'D2: but for itself');
select tests.become_nobody();
select is(tests.error_of('select pg_temp.open()'), 'PT401 auth.required', 'a stranger opens none');

-- Repeating (design §5)

select tests.become('sp1@alpha.test', '{"idempotency_key": "once"}');
select is(pg_temp.open(), 'GENEXI0103310001', 'with a key');
select is(pg_temp.open(), 'GENEXI0103310001', 'the same again is the same ticket');
select is(tests.error_of($$ select pg_temp.open('{"subject": "T"}') $$), 'PT422 idempotency.payload_mismatch', 'another with that key is none');
select tests.become_owner();
select is((select count(*) from desk.tickets where ticket_type = 'general request'), 2::bigint, 'there is one of it');
select results_eq(
    $$ select n.title, count(*) from app.notifications n where n.entity_id = 'GENEXI0103310001' group by 1 $$,
    $$ values ('Ticket GENEXI0103310001 is new', 1::bigint) $$,
    'the department heard of it once, by its id alone'
);
select is((select count(*) from app.outbox where topic = 'tickets.created' and key = 'GENEXI0103310001'), 1::bigint, 'and so did front ends');

-- Assigning, editing: who may (P12)

reset role;
create temporary table tried (who text, assigned text, moved text, edited text) on commit drop;
grant all on tried to public;
do $$
declare
    v_who text;
begin
    for v_who in select split_part(p.email, '@', 1) from app.profiles p where p.email like '%@alpha.test' order by p.user_id loop
        perform tests.become(v_who || '@alpha.test');
        insert into tried
        select
            v_who,
            tests.error_of($q$ do $d$ begin perform api.ticket_assign('GENEXI0103310001', tap.uid('exi@alpha.test')); raise sqlstate 'ZZ000'; end $d$ $q$),
            tests.error_of($q$ do $d$ begin perform api.ticket_transition('GENEXI0103310001', 'IN PROGRESS'); raise sqlstate 'ZZ000'; end $d$ $q$),
            tests.error_of($q$ do $d$ begin perform api.ticket_update('GENEXI0103310001', '{"description": "D"}'); raise sqlstate 'ZZ000'; end $d$ $q$);
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select results_eq(
    $$
        select who, replace(assigned, 'ZZ000', 'yes'), replace(moved, 'ZZ000', 'yes'), replace(edited, 'ZZ000', 'yes')
        from tried where assigned || moved || edited <> repeat('PT404 ticket.not_found', 3) order by who
    $$,
    $$
        values
            ('dir', 'PT403 permission.denied', 'PT403 permission.denied', 'PT403 permission.denied'), ('exi', 'yes', 'yes', 'yes'),
            ('mad', 'yes', 'yes', 'yes'), ('sa', 'yes', 'yes', 'yes'), ('sm', 'yes', 'yes', 'yes'),
            ('sp1', 'PT403 permission.denied', 'yes', 'yes')
    $$,
    'its author moves and edits it, author''s manager, department and administrators give it to somebody; to others it is not there'
);
select tests.become('sm@alpha.test');
select is(
    tests.error_of(format('select api.ticket_assign(%L, %L)', 'GENEXI0103310001', tap.uid(c.who))), c.error, 'given to ' || c.what
)
from (values
    ('exi@alpha.test', null, 'the department'), ('sp2@alpha.test', null, 'somebody who sees what is assigned to him'),
    ('dom@alpha.test', 'PT422 request.invalid', 'nobody of another department'), ('dir@alpha.test', 'PT422 request.invalid', 'nobody who only reads'),
    ('exi@beta.test', 'PT422 request.invalid', 'nobody of another organisation')
) as c (who, error, what);
select tests.become('sp2@alpha.test');
select results_eq(
    $$ select jsonb_path_query_array(api.desk_list_tickets(), '$.items[*].ticket_id') $$, $$ values ('["GENEXI0103310001"]'::jsonb) $$,
    'whom it was given to finds it'
);
select tests.become('exi@alpha.test');
select is(
    tests.error_of($$ select api.ticket_update('RFQEXI0103310002', '{"description": "D"}') $$), 'PT403 permission.denied',
    'P13: operations do not write over words that they cannot read'
);

-- Finding them

reset role;
create temporary table found (who text, listed text) on commit drop;
grant all on found to public;
do $$
declare
    v_who text;
begin
    for v_who in select split_part(p.email, '@', 1) from app.profiles p where p.email like '%@alpha.test' loop
        perform tests.become(v_who || '@alpha.test');
        insert into found
        select
            v_who,
            (
                select string_agg(i ->> 'ticket_id', ' ' order by i ->> 'ticket_id')
                from jsonb_array_elements(api.desk_list_tickets() -> 'items') i
                where not (i ->> 'is_masked')::boolean
            ) is not distinct from (select string_agg(t.ticket_id, ' ' order by t.ticket_id) from api.tickets t)
            and not exists (
                select
                from unnest('{RFQEXI0103310001,RFQEXI0103310002,GENEXI0103310001,GENFIN0103310001,NONE}'::text[]) as t (id)
                where app.may_select_tickets('a0000000-0000-4000-8000-000000000000', t.id)
                    is distinct from exists (select from api.tickets v where v.ticket_id = t.id)
            );
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select is_empty($$ select who from found where listed <> 'true' $$, 'lists, definer code and policies show the same to each of 22 people');
select tests.become('sa@alpha.test');
select is(
    (select jsonb_path_query_array(api.desk_list_tickets(c.filters), '$.items[*].ticket_id')), c.ids, 'tickets by ' || c.filters::text
)
from (values
    ('{"ticket_type": "inquiry tariff", "status": "OPEN"}'::jsonb, '["RFQEXI0103310002", "RFQEXI0103310001"]'::jsonb),
    ('{"dept_target": "FIN"}', '["GENFIN0103310001"]'),
    ('{"created_from": "2031-03-02"}', '[]'),
    ('{"created_from": "2031-03-01", "created_to": "2031-03-01", "dept_target": "FIN"}', '["GENFIN0103310001"]')
) as c (filters, ids);
select results_eq(
    $$
        with one as (select api.desk_list_tickets('{}', 2) as page), two as (select api.desk_list_tickets('{}', 2, page -> 'next') as page from one)
        select jsonb_array_length(one.page -> 'items'), jsonb_array_length(two.page -> 'items'), two.page -> 'next'
        from one, two
    $$,
    $$ values (2, 2, 'null'::jsonb) $$,
    'in pages'
);
select tests.become('sa@beta.test');
select is(tests.error_of($$ select api.desk_get_ticket('GENEXI0103310001') $$), 'PT404 ticket.not_found', 'in another organisation there is none');
select is(
    tests.error_of($$ select api.ticket_transition('GENEXI0103310001', 'CLOSED') $$), 'PT404 ticket.not_found', 'nor is one moved'
);

select * from finish();
rollback;
