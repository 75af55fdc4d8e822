-- Collecting what is owed, and how much more a customer may owe.

begin;
select plan(25);
\ir _ar.psql
create function pg_temp.credit(p_customer text, p_amount numeric) returns text
language sql
as $$
    select concat_ws(' ', c ->> 'status', c ->> 'available', c ->> 'allowed', c ->> 'over_by', c ->> 'reason')
    from api.ar_credit_check(p_customer, p_amount) c
$$;
select tests.become('fin@alpha.test');
select pg_temp.invoice('c1', 'C1', 100, '2026-03-21', '2026-03-01');
select pg_temp.invoice('c1 more', 'C1', 50, '2026-04-30', '2026-03-01');
select pg_temp.invoice('c3', 'C3', 10, '2026-04-30', '2026-03-01');

-- One open collection ticket for each customer

select tests.become('sp1@alpha.test');
select pg_temp.keep('mine', api.ar_create_collection_ticket('{"customer_id": "C1", "notes": "Please call"}'));
select is(pg_temp.kept('mine', 'ticket_id'), 'GENFIN3103260001', 'DSO-2: a salesperson asks finance to collect from the own customer');
select is(
    (select concat_ws(' | ', t.ticket_type, t.ticket_status, t.dept_target, t.related_customer_id, t.subject, t.description) from api.tickets t),
    E'general request | OPEN | FIN | C1 | Collection: C1 | IDR 150.00 outstanding on 2 invoices, of which 100.00 overdue by up to 10 days (INV0103260001).\n\nPlease call',
    'P13: finance reads what is owed; the words name nobody'
);
select tests.become('fin@alpha.test');
select is(
    api.ar_create_collection_ticket(jsonb_build_object('invoice_id', pg_temp.kept('c1 more', 'invoice_id'))),
    '{"ticket_id": "GENFIN3103260001", "customer_id": "C1", "is_new": false}', 'another request for that customer finds it, from an invoice too'
);
select is((select count(*) from api.tickets where ticket_id = 'GENFIN3103260001'), 1::bigint, 'D2: finance sees it');
select is(
    array(select pg_temp.refused(w, $$ select api.ar_create_collection_ticket('{"customer_id": "C1"}') $$)
          from unnest(array['dir', 'mm', 'mc', 'ss', 'exi', 'stf', 'adm']) w),
    array_fill('PT403 permission.denied'::text, array[7]), 'directors, marketing, support, operations, staff and admins ask for none'
);
select is(
    pg_temp.refused('sp1', $$ select api.ar_create_collection_ticket('{"customer_id": "C3"}') $$), 'PT404 customer.not_found', 'nor a salesperson for others'' customers'
);
select is(
    pg_temp.refused('sp1', format('select api.ar_create_collection_ticket(%L)', jsonb_build_object('invoice_id', pg_temp.kept('c3', 'invoice_id')))),
    'PT404 invoice.not_found', 'nor from others'' invoices: not telling whether they are there'
);
select is(
    pg_temp.refused('fin', format('select api.ar_create_collection_ticket(%L)', jsonb_build_object('invoice_id', 'INV1'))), 'PT404 invoice.not_found', 'no such invoice'
);
select is(pg_temp.refused('fin', $$ select api.ar_create_collection_ticket('{"customer_id": "Cb"}') $$), 'PT404 customer.not_found', 'nor another organisation''s');
select is(pg_temp.refused('fin', $$ select api.ar_create_collection_ticket('{"customer_id": "C2"}') $$), 'PT409 collection.nothing_outstanding', 'who owes nothing is left in peace');
select is(
    tests.faults_of($$ select api.ar_create_collection_ticket('{"customer_id": "C1", "invoice_id": "I"}') $$)
        || tests.faults_of($$ select api.ar_create_collection_ticket('{}') $$),
    array['customer_id collection.customer_id.required', 'customer_id collection.customer_id.required'], 'a customer or an invoice, one of them'
);
select is(pg_temp.refused('sm', $$ select api.ar_create_collection_ticket('{"customer_id": "C1"}') $$), null, 'a manager may for the team');
select is(pg_temp.refused('sm', $$ select api.ar_create_collection_ticket('{"customer_id": "C3"}') $$), 'PT404 customer.not_found', 'and for no other');
select tests.become_owner();
update desk.tickets set ticket_status = 'IN PROGRESS' where ticket_id = 'GENFIN3103260001';
update desk.tickets set ticket_status = 'CLOSED' where ticket_id = 'GENFIN3103260001';
select tests.become('fin@alpha.test', '{"idempotency_key": "collect"}');
select pg_temp.keep('again', api.ar_create_collection_ticket('{"customer_id": "C1"}'));
select is(pg_temp.kept('again', 'ticket_id') || ' ' || pg_temp.kept('again', 'is_new'), 'GENFIN3103260002 true', 'when it is closed, another one is opened');
select is(api.ar_create_collection_ticket('{"customer_id": "C1"}'), (select answer from answers where name = 'again'), 'a retry with the key gets the same answer');
select tests.become('dom@alpha.test');
select is((select count(*) from api.tickets), 0::bigint, 'P13: operations see nothing of it');

-- Credit

select tests.become_owner();
update crm.customers set credit_limit = 187.50 where customer_id = 'C1';
update crm.customers set credit_limit = 0 where customer_id = 'C2';
select tests.become('fin@alpha.test');
select is(pg_temp.credit('C1', 37.50), 'warning 37.50 true 0.00', 'owing 80 % is a warning; up to the limit is allowed');
select is(pg_temp.credit('C1', 37.51), 'warning 37.50 false 0.01 The credit limit would be exceeded.', 'a cent more is not');
select is(pg_temp.credit('C3', 1000000), 'no_limit true 0', 'no limit is none');
select is(pg_temp.credit('C2', null), 'ok 0.00 true 0.00', 'nothing owed under a limit of nothing is fine');
select is(pg_temp.credit('C2', 0.01), 'ok 0.00 false 0.01 The credit limit would be exceeded.', 'but nothing may be added');
select pg_temp.invoice('usd', 'C2', 900, '2026-04-30', '2026-03-01', '{"currency": "USD"}');
select is(
    (select c - 'customer_id' - 'credit_limit' from api.ar_credit_check('C2') c),
    '{"currency": "IDR", "outstanding": 0, "overdue": 0, "available": 0.00, "status": "ok", "amount": 0, "allowed": true, "reason": null, "over_by": 0, "open_invoices_in_other_currencies": 1}',
    'P24: dollars are not measured by a limit of rupiah, and are said to be there'
);
select tests.become_owner();
update crm.customers set credit_hold = true, credit_hold_reason = 'bounced cheque' where customer_id = 'C3';
select tests.become('sp3@alpha.test');
select is(pg_temp.credit('C3', null), 'hold false 0 bounced cheque', 'a hold allows nothing; a salesperson sees why');
select is(tests.error_of($$ select api.ar_credit_check('C1') $$), 'PT404 customer.not_found', 'of the own customers');
select is(pg_temp.refused('mm', $$ select api.ar_credit_check('C1') $$), 'PT403 permission.denied', 'case 113: marketing asks nothing');

select * from finish();
rollback;
