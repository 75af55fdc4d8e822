-- Tickets as far as they are built: id, first status, masking, who sees which, what the table refuses.

begin;
select plan(36);

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');
create function pg_temp.add(p_columns text, p_values text) returns text
language sql
as $$
    select tests.error_of(format(
        'insert into desk.tickets (org_id, subject, created_by, %s) values (%L, %L, %L, %s)',
        p_columns, 'a0000000-0000-4000-8000-000000000000', 'S', tap.uid('sp1@alpha.test'), p_values
    ))
$$;
create function pg_temp.lead(p_company text, p_more jsonb default '{}') returns jsonb
language sql
as $$
    select jsonb_build_object(
        'company_name', p_company, 'pic_name', 'Pic', 'city_area', 'Jakarta', 'service_code', 'EXI_AF',
        'primary_channel', 'SEM', 'contact_phone', '08' || translate(left(md5(p_company), 10), 'abcdef', '012345'),
        'email', left(md5(p_company), 12) || '@mail.example'
    ) || p_more
$$;

-- Ids and first status (cases 5, 58)

select tests.become_owner();
select is(pg_temp.add('ticket_type, dept_target', format('%L, %L', t.ticket_type, t.dept)), null, 'a ticket: ' || t.ticket_type)
from (values
    ('inquiry tariff', 'EXI'), ('general request', 'FIN'), ('request pickup', 'TRF'), ('request delivery', 'TRF')
) as t (ticket_type, dept);
select results_eq(
    'select ticket_type, ticket_id, inquiry_status, ticket_status, closed_at from desk.tickets order by 1',
    $$
        values
            ('general request', 'GENFIN0103310001', null, 'OPEN', null::timestamptz),
            ('inquiry tariff', 'RFQEXI0103310001', 'OPEN', null, null),
            ('request delivery', 'REQDVR0103310001', null, 'OPEN', null),
            ('request pickup', 'REQPU0103310001', null, 'OPEN', null)
    $$,
    'cases 5, 58: each with its prefix, and the one status that its type has'
);
select results_eq(
    'select t.ticket_type, e.event_type, e.event_at = t.created_at from desk.tickets t join desk.sla_events e using (org_id, ticket_id) order by 1',
    $$
        values
            ('general request', 'OPENED', true), ('inquiry tariff', 'OPENED', true), ('request delivery', 'OPENED', true),
            ('request pickup', 'OPENED', true)
    $$,
    'case 69: each has one SLA event, that it was opened'
);
select is(
    pg_temp.add('ticket_type, dept_target, inquiry_status, ticket_status', $$ 'inquiry tariff', 'DOM', 'CLOSED', 'CLOSED' $$), null,
    'a new ticket that claims to be closed'
);
select results_eq(
    $$ select inquiry_status, ticket_status from desk.tickets where dept_target = 'DOM' $$, $$ values ('OPEN', null::text) $$,
    'case 58: is open all the same'
);

-- What the table refuses (cases 59, 76, 77; P25, P26)

select is(tests.error_of('update desk.tickets set ' || c.change || ' where ' || c.row), c.error, c.what)
from (values
    ($$ ticket_status = 'OPEN' $$, $$ dept_target = 'EXI' $$, '23514', 'case 59, P25: an inquiry with both statuses'),
    ($$ inquiry_status = 'OPEN' $$, $$ dept_target = 'FIN' $$, '23514', 'case 59, P25: a request with both'),
    ($$ inquiry_status = null $$, $$ dept_target = 'EXI' $$, '23514', 'case 59: an inquiry with neither'),
    ($$ inquiry_status = 'WAITING' $$, $$ dept_target = 'EXI' $$, '23514', 'a status that is none'),
    ($$ inquiry_status = 'CLOSED LOST' $$, $$ dept_target = 'EXI' $$, '23514', 'case 77, P26: lost without a reason'),
    ($$ inquiry_status = 'CLOSED LOST', close_reason = '  ' $$, $$ dept_target = 'EXI' $$, '23514', 'case 77, P26: lost with a blank one'),
    ($$ inquiry_status = 'CLOSED LOST', close_reason = 'Price too high', competitor_rate = 99.5 $$, $$ dept_target = 'EXI' $$, null,
        'case 77: lost with a reason and the other''s rate'),
    ($$ cargo_qty = 0 $$, $$ dept_target = 'EXI' $$, '23514', 'nothing to carry'),
    ($$ cargo_weight = -1 $$, $$ dept_target = 'EXI' $$, '23514', 'a weight below nothing'),
    ($$ dept_target = 'HRD' $$, $$ dept_target = 'EXI' $$, '23503', 'a department that is none'),
    ($$ assigned_to = tap.uid('sp1@beta.test') $$, $$ dept_target = 'EXI' $$, '23503', 'somebody of another organisation')
) as c (change, row, error, what);
select results_eq(
    $$ select closed_at is not null, competitor_rate from desk.tickets where dept_target = 'EXI' $$, $$ values (true, 99.50) $$,
    'P25: a closed ticket says since when'
);
select is(pg_temp.add('ticket_type, dept_target', $$ 'complaint', 'EXI' $$), '23514', 'a type is one of four');
select is(
    tests.error_of($$
        insert into desk.sla_events (org_id, ticket_id, event_type)
        select t.org_id, t.ticket_id, 'OPENED' from desk.tickets t where t.dept_target = 'FIN'
    $$),
    '23505',
    'P26: a ticket is opened once'
);

-- Who sees which (cases 49, 61, 64, 83)

delete from desk.tickets;
select tests.become('mc@alpha.test');
select isnt(
    api.crm_create_lead_bundle(pg_temp.lead('PT Rahasia', '{
        "need_rfq": true, "rfq_origin_address": "a", "rfq_origin_city": "b", "rfq_origin_country": "ID",
        "rfq_destination_address": "c", "rfq_destination_city": "d", "rfq_destination_country": "SG",
        "rfq_cargo_category": "x", "rfq_cargo_qty": 3, "rfq_cargo_dimensions": "1x1", "rfq_cargo_weight": 2,
        "rfq_scope_of_work": "all"
    }')) ->> 'ticket_id',
    null,
    'mc asks EXI for a tariff'
);
select tests.become_owner();
insert into desk.tickets (org_id, ticket_type, dept_target, subject, created_by, assigned_to)
values
    ('a0000000-0000-4000-8000-000000000000', 'inquiry tariff', 'EXI', 'unmasked', tap.uid('sp2@alpha.test'), null),
    ('a0000000-0000-4000-8000-000000000000', 'general request', 'FIN', 'collect', tap.uid('sp3@alpha.test'), null),
    ('a0000000-0000-4000-8000-000000000000', 'general request', 'SAL', 'for sales', tap.uid('exi@alpha.test'), null),
    ('a0000000-0000-4000-8000-000000000000', 'request pickup', 'TRF', 'assigned', tap.uid('mm@alpha.test'), tap.uid('sp1@alpha.test'));
update desk.tickets set subject = 'rfq' where need_customer_masking;
reset role;
create temporary table seen (position integer, who text, tickets text, events bigint);
grant all on seen to public;
do $$
declare
    v_who record;
begin
    for v_who in
        select p.email, split_part(p.email, '@', 1) as name, right(p.user_id::text, 2)::integer as position
        from app.profiles p where p.email like '%@alpha.test'
    loop
        perform tests.become(v_who.email);
        insert into seen
        select
            v_who.position, v_who.name, (select string_agg(t.subject, ', ' order by t.subject) from api.tickets t),
            (select count(*) from api.sla_events);
        perform set_config('role', 'none', true);
    end loop;
end
$$;
select results_eq(
    'select who, tickets from seen order by position',
    $$
        values
            ('dir', 'assigned, collect, for sales, rfq, unmasked'), ('sa', 'assigned, collect, for sales, rfq, unmasked'),
            ('mm', 'assigned, rfq'), ('mc', 'rfq'), ('dgo', null), ('macx', null), ('vsdo', null),
            ('sm', 'assigned, for sales, unmasked'), ('sp1', 'assigned, for sales'), ('sp2', 'for sales, unmasked'),
            ('sm2', 'collect, for sales'), ('sp3', 'collect, for sales'), ('ss', 'for sales'),
            ('exi', 'unmasked'), ('dom', null), ('dtd', null), ('trf', 'assigned'),
            ('fin', 'collect'), ('adm', 'for sales'), ('stf', 'for sales'),
            ('mad', 'assigned, collect, for sales, rfq, unmasked'), ('stf2', 'for sales')
    $$,
    'cases 61, 83: tickets as each of 22 people sees them; a masked one is not among those of operations'
);
select is_empty(
    $$ select who from seen where events <> coalesce(cardinality(string_to_array(tickets, ', ')), 0) $$,
    'SLA events are seen with their ticket'
);
select tests.become_owner();
update crm.leads set sales_owner_user_id = tap.uid('sp1@alpha.test') where company_name = 'PT Rahasia';
select tests.become('sp1@alpha.test');
select results_eq(
    $$ select related_lead_id is not null, related_customer_id is not null from api.tickets where subject = 'rfq' $$,
    $$ values (true, true) $$,
    'case 49: whoever is handed the lead sees its ticket, with lead and customer (case 66)'
);
select tests.become('sm@alpha.test');
select isnt_empty($$ select from api.tickets where subject = 'rfq' $$, 'case 49: and their manager');
select tests.become('mc@alpha.test');
select isnt_empty($$ select from api.tickets where subject = 'rfq' $$, 'case 49: and still who created it');

select tests.become('exi@alpha.test');
select is(tests.error_of('update desk.tickets set ' || c.change), '42501', 'case 64, P13: operations cannot set ' || c.change)
from (values ('need_customer_masking = false'), ('related_lead_id = null')) as c (change);
select is(
    tests.error_of($$
        insert into desk.tickets (org_id, ticket_type, dept_target, subject, created_by)
        values (app.org_id(), 'general request', 'FIN', 'S', tap.uid('sa@alpha.test'))
    $$),
    '42501',
    'case 80: nobody inserts a ticket in somebody else''s name'
);
select is(
    tests.error_of($$ insert into desk.sla_events (org_id, ticket_id, event_type) values (app.org_id(), 'X', 'RESOLVED') $$), '42501',
    'P26: nor an SLA event'
);
select tests.become_owner();
update desk.tickets set need_customer_masking = false where subject = 'rfq';
select is(
    (select t.need_customer_masking from desk.tickets t where t.subject = 'rfq'), true,
    'P13: a ticket about a lead is masked whatever anybody writes'
);
select tests.become('sm2@alpha.test');
select is_empty($$ select from api.tickets where subject = 'rfq' $$, 'another team does not see the ticket of the lead');
select tests.become('mm@beta.test');
select is_empty('select from api.tickets', 'nor does another organisation see any');
select tests.become('sp1@alpha.test');
select is(
    (select jsonb_path_query_array(api.crm_get_lead(l.lead_id), '$.tickets[*].status') from api.leads l), '["OPEN"]',
    'a lead is shown with its tickets'
);

select * from finish();
rollback;
