-- Invoices and payments: who may write them, what they may be, and that money is counted once.

begin;
select plan(55);
\ir _ar.psql

-- Invoices (case 104, 105, 5, 7)

select tests.become('fin@alpha.test');
select is(pg_temp.invoice('first', 'C1', 300), 'INV0103260001', 'case 5, 104: finance makes an invoice; its id is INV, its date, a number');
select is(pg_temp.invoice('second', 'C2', 50.55), 'INV0103260002', 'case 5: the second of that day');
select is(
    (select row(i.currency, i.status, i.payment_state, i.outstanding_amount, i.created_by)::text from api.invoices i where i.invoice_id = 'INV0103260002'),
    format('(IDR,CREATED,UNPAID,50.55,%s)', tap.uid('fin@alpha.test')),
    'case 104: in the organisation''s currency, unpaid, by whoever made it'
);
select is(
    tests.faults_of($$ select api.ar_create_invoice('{"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": 1, "invoice_id": "INV1", "status": "VOID", "paid_amount": 1}') $$),
    array['invoice_id invoice.field.unknown', 'paid_amount invoice.field.unknown', 'status invoice.field.unknown'],
    'case 7: an id, a status or a paid amount cannot be brought along'
);
select is(
    tests.faults_of($$ select api.ar_create_invoice('{"customer_id": "C1", "invoice_date": "2026-02-30", "due_date": 5, "invoice_amount": -1, "currency": "rupiah"}') $$),
    array['currency invoice.currency.format', 'due_date invoice.due_date.type', 'invoice_amount invoice.invoice_amount.range', 'invoice_date invoice.invoice_date.format'],
    'case 105: every bad field is named; an amount is above 0'
);
select is(
    tests.faults_of($$ select api.ar_create_invoice('{"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": 0}') $$),
    array['invoice_amount invoice.invoice_amount.range'], 'case 105: 0 is no amount'
);
select is(
    tests.faults_of($$ select api.ar_create_invoice('{"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-02-28", "invoice_amount": 1}') $$),
    array['due_date invoice.due_date.before_invoice'], 'case 105: due before the invoice'
);
select is(
    tests.faults_of($$ select api.ar_create_invoice('{"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": 1.005}') $$),
    array['invoice_amount invoice.invoice_amount.format'], 'P23: a fraction of a cent is not rounded away'
);
select is(tests.error_of($$ select pg_temp.invoice('x', 'nobody', 1) $$), 'PT404 customer.not_found', 'there is no such customer');
select is(tests.error_of($$ select pg_temp.invoice('x', 'Cb', 1) $$), 'PT404 customer.not_found', 'nor one of another organisation');

select tests.become_owner();
select is_empty(
    $$ select w.who, s.n, pg_temp.refused(w.who, s.statement)
       from unnest(array['dir', 'mm', 'mc', 'sm', 'sp1', 'ss', 'exi', 'stf', 'adm']) w (who)
       cross join (
           values
               (1, 'select pg_temp.invoice(''x'', ''C1'', 1)'),
               (2, 'select pg_temp.pay(''first'', 1)'),
               (3, 'select api.ar_void_invoice(''INV0103260001'', ''{"reason": "x"}'')'),
               (4, 'select api.ar_update_invoice(''INV0103260001'', ''{"notes": "x"}'')'),
               (5, 'select api.ar_reverse_payment(1, ''{"reason": "x"}'')')
       ) as s (n, statement)
       where pg_temp.refused(w.who, s.statement) <> 'PT403 permission.denied' $$,
    'case 104, P15: director, marketing, sales, support, operations, staff and admins make, change, void, pay and reverse nothing'
);
select is(
    pg_temp.refused('fin', $$ insert into ar.invoices default values $$), '42501', 'case 104: nor does finance write the table'
);
select is(
    pg_temp.refused('fin', $$ update ar.invoices set paid_amount = 300 where invoice_id = 'INV0103260001' $$), '42501',
    'decisions §3: paid_amount is nobody''s column'
);

-- Payments (case 106, 107, 108)

select tests.become('fin@alpha.test');
select is(
    pg_temp.pay('first', 100.10) - 'payment_id',
    '{"invoice_id": "INV0103260001", "payment_state": "PARTIAL", "currency": "IDR", "remaining_outstanding": 199.90}',
    'case 106: a payment lowers what is outstanding'
);
select is(tests.error_of($$ select pg_temp.pay('first', 199.91) $$), 'PT409 payment.above_outstanding', 'case 106, decisions D7: not a cent more than that');
select is(
    tests.faults_of($$ select pg_temp.pay('first', 0) $$) || tests.faults_of($$ select pg_temp.pay('first', -5) $$),
    array['amount payment.amount.range', 'amount payment.amount.range'], 'case 106: nothing and less than nothing are no payments'
);
select pg_temp.keep('paid', pg_temp.pay('first', 199.90, '{"reference_no": "TRX-1", "payment_method": "Transfer"}'));
select is(
    (select row(i.outstanding_amount, i.payment_state, i.is_overdue)::text from api.invoices i where i.invoice_id = 'INV0103260001'), '(0.00,PAID,f)',
    'case 106: paid in full'
);
select is(tests.error_of($$ select pg_temp.pay('first', 0.01) $$), 'PT409 payment.above_outstanding', 'case 106: nothing more is taken');
select is(
    tests.faults_of($$ select pg_temp.pay('second', 1, '{"payment_date": "2026-04-01"}') $$), array['payment_date payment.payment_date.future'],
    'money that came tomorrow has not come'
);
select is(
    tests.faults_of($$ select pg_temp.pay('second', 1, '{"payment_method": "Barter"}') $$), array['payment_method payment.payment_method.unknown'],
    'a method that there is'
);
select is(
    tests.error_of($$ select api.ar_record_payment('{"invoice_id": "INV9999990001", "amount": 1}') $$), 'PT404 invoice.not_found', 'no such invoice'
);

select pg_temp.pay('second', 10, '{"reference_no": "TRX-2"}');
select is(
    tests.error_of($$ select pg_temp.pay('second', 10, '{"reference_no": "TRX-2"}') $$), 'PT409 payment.reference_no.duplicate',
    'case 107: the same transfer is booked once'
);
select tests.become('fin@alpha.test', '{"idempotency_key": "pay"}');
select pg_temp.keep('keyed', pg_temp.pay('second', 5));
select is(pg_temp.pay('second', 5), (select a.answer from answers a where a.name = 'keyed'), 'case 107: a retry with the key gets the first answer');
select is((select count(*) from api.payments p where p.invoice_id = 'INV0103260002'), 2::bigint, 'case 107: and is one payment');
select pg_temp.invoice('keyed invoice', 'C1', 7);
select is(pg_temp.invoice('keyed again', 'C1', 7), pg_temp.kept('keyed invoice', 'invoice_id'), 'case 107: and one invoice');
select tests.become('fin@alpha.test');
select pg_temp.invoice('numbered', 'C1', 7, p_more => '{"external_no": "A/1"}');
select is(
    tests.error_of($$ select pg_temp.invoice('x', 'C2', 8, p_more => '{"external_no": "A/1"}') $$), 'PT409 invoice.external_no.duplicate',
    'case 107: a number of one''s own books is one invoice'
);

select pg_temp.invoice('with', 'C2', 80, p_more => '{"payment_amount": 80, "payment_reference": "T"}');
select is(
    (select row(p.amount, p.reference_no, pg_temp.kept('with', 'payment_state'))::text from api.payments p where p.payment_id = pg_temp.kept('with', 'payment_id')::bigint),
    '(80.00,T,PAID)', 'an invoice can be paid in the same breath'
);
select is(
    tests.faults_of($$ select pg_temp.invoice('x', 'C2', 80, p_more => '{"payment_amount": "abc"}') $$), array['payment_amount invoice.payment_amount.type'],
    'case 108: a payment that is no number is an error'
);
select is(
    tests.faults_of($$ select pg_temp.invoice('x', 'C2', 80, p_more => '{"payment_reference": "T"}') $$), array['payment_amount invoice.payment_amount.required'],
    'case 108: and so is one without an amount'
);
select is(
    tests.error_of($$ select pg_temp.invoice('x', 'C2', 80.12, p_more => '{"payment_amount": 80.13}') $$), 'PT409 payment.above_outstanding',
    'case 106: and one above the invoice'
);
select is((select count(*) from api.invoices i where i.invoice_amount in (80.12)), 0::bigint, 'case 108: no invoice is left of it');

-- Reversal and void (case 115)

select is(
    tests.error_of(format('select api.ar_void_invoice(%L, %L)', 'INV0103260001', '{"reason": "wrong"}')), 'PT409 invoice.has_payments',
    'case 115: an invoice with payments cannot be voided'
);
select pg_temp.keep('reversal', api.ar_reverse_payment(pg_temp.kept('paid', 'payment_id')::bigint, '{"reason": "bounced"}'));
select is(pg_temp.kept('reversal', 'remaining_outstanding'), '199.90', 'case 115: a payment is reversed, what was outstanding is again');
select is(
    tests.error_of(format('select api.ar_reverse_payment(%s, %L)', pg_temp.kept('paid', 'payment_id'), '{"reason": "x"}')), 'PT409 payment.reversed',
    'case 115: once'
);
select is(
    tests.error_of(format('select api.ar_reverse_payment(%s, %L)', pg_temp.kept('reversal', 'payment_id'), '{"reason": "x"}')), 'PT409 payment.is_reversal',
    'case 115: a reversal is not reversed'
);
select is(
    (
        select string_agg(concat_ws(' ', p.net_amount, p.reference_no, p.reversed_at is not null), ', ' order by p.payment_id)
        from api.payments p where p.invoice_id = 'INV0103260001'
    ),
    '100.10 f, 199.90 TRX-1 t, -199.90 TRX-1 f', 'case 115: all of it stays to be read'
);
select lives_ok($$ select pg_temp.pay('first', 199.90, '{"reference_no": "TRX-1"}') $$, 'a transfer whose booking was reversed can be booked again');
select is(
    pg_temp.refused('fin', 'delete from ar.payments') || ' ' || pg_temp.refused('fin', 'update ar.payments set amount = 1') || ' ' || pg_temp.refused('sa', 'delete from ar.invoices'),
    '42501 42501 42501', 'case 115, P23: payments are neither changed nor deleted, invoices not deleted'
);
select tests.become_owner();
select is(
    tests.error_of('update ar.payments set amount = 1'), 'PT422 payment.immutable', 'case 115: not even by the owner of the tables'
);
select is(tests.error_of('delete from ar.invoices'), 'PT409 ar.kept', 'case 115: an invoice stays, whoever deletes');

select tests.become('fin@alpha.test');
select is(
    api.ar_void_invoice(pg_temp.kept('numbered', 'invoice_id'), '{"reason": "twice"}') ->> 'status', 'VOID', 'case 115: one without is voided'
);
select is(
    (select row(i.outstanding_amount, i.payment_state, i.void_reason, i.voided_by)::text from api.invoices i where i.external_no = 'A/1'),
    format('(0.00,VOID,twice,%s)', tap.uid('fin@alpha.test')), 'and stays to be read, with the reason'
);
select is(
    array[
        tests.error_of($$ select pg_temp.pay('numbered', 1) $$),
        tests.error_of(format('select api.ar_void_invoice(%L, %L)', pg_temp.kept('numbered', 'invoice_id'), '{"reason": "x"}')),
        tests.error_of(format('select api.ar_update_invoice(%L, %L)', pg_temp.kept('numbered', 'invoice_id'), '{"notes": "x"}')),
        tests.error_of(format('update ar.invoices set notes = %L where invoice_id = %L', 'x', pg_temp.kept('numbered', 'invoice_id')))
    ],
    array_fill('PT409 invoice.void'::text, array[4]), 'a void invoice is paid, voided and changed no more'
);
select lives_ok($$ select pg_temp.invoice('renumbered', 'C1', 7, p_more => '{"external_no": "A/1"}') $$, 'and its number is free');

-- What may change

select is(
    api.ar_update_invoice('INV0103260002', '{"due_date": "2026-05-01", "notes": "late", "status": "SENT"}'),
    '{"invoice_id": "INV0103260002", "status": "SENT", "due_date": "2026-05-01", "notes": "late"}', 'finance sends an invoice and moves its due date'
);
select is(
    tests.faults_of($$ select api.ar_update_invoice('INV0103260002', '{"due_date": " "}') $$), array['due_date invoice.due_date.format'],
    'a blank is no day'
);
select is(api.ar_update_invoice('INV0103260002', '{"due_date": null}') ->> 'due_date', '2026-05-01', 'and null leaves it as it is');
select is(
    tests.faults_of($$ select api.ar_update_invoice('INV0103260002', '{"due_date": "2026-02-01", "status": "CREATED", "invoice_amount": 1}') $$),
    array['invoice_amount invoice.field.unknown', 'status invoice.status.unknown'], 'the amount stays, and what was sent is sent'
);
select tests.become_owner();
select is(
    tests.error_of('update ar.invoices set invoice_amount = 1000'), 'PT422 invoice.immutable', 'the amount stays whoever writes it'
);

-- paid_amount is the sum (decisions §3)

update ar.invoices set paid_amount = 12.34;
select is_empty(
    $$ select i.invoice_id, i.paid_amount
       from ar.invoices i
       left join ar.payments p on p.org_id = i.org_id and p.invoice_id = i.invoice_id
       group by i.org_id, i.invoice_id, i.paid_amount
       having i.paid_amount <> coalesce(sum(case when p.reversed_payment_id is null then p.amount else -p.amount end), 0) $$,
    'P22, decisions §3: paid_amount is the sum of the payments, even after the owner wrote something else'
);
select is(
    tests.error_of('delete from ar.payments'), 'PT409 ar.kept', 'case 115, decisions §3: so does a payment, unless the import that brought it is undone'
);

-- Traces

select is(
    (select string_agg(concat_ws(' ', l.table_name, l.action, l.n), ', ' order by l.table_name, l.action) from (
        select a.table_name, a.action, count(*) as n from app.audit_logs a
        where a.table_name like 'ar.%' and (a.record_id = 'INV0103260002' or a.after_data ->> 'invoice_id' = 'INV0103260002') group by 1, 2
    ) l),
    'ar.invoices INSERT 1, ar.invoices UPDATE 1, ar.payments INSERT 2',
    'case 128: one entry for what was done: made, changed, paid twice; a payment is no change of the invoice'
);
select is(
    (select array_agg(distinct o.topic order by o.topic) from app.outbox o where o.topic ~ '^(invoices|payments)'),
    array['invoices.created', 'invoices.updated', 'invoices.voided', 'payments.created', 'payments.reversed'], 'each mutation tells who listens'
);

-- Rights are data, and no scope is taken for another

insert into app.role_permissions (role_key, resource, action, scope)
select 'sales_manager', r.resource, r.action, 'team'
from (values ('invoices', 'insert'), ('invoices', 'update'), ('payments', 'insert')) as r (resource, action);
select is(
    array[
        pg_temp.refused('sm', $$ select pg_temp.invoice('x', 'C1', 1) $$), pg_temp.refused('sm', $$ select pg_temp.pay('second', 1) $$),
        pg_temp.refused('sm', $$ select api.ar_void_invoice('INV0103260002', '{"reason": "x"}') $$)
    ],
    array_fill('PT403 permission.denied'::text, array[3]), 'a right over the team''s invoices would not be one over all'
);

-- Another organisation

select tests.become('fin@beta.test');
select is(
    (select count(*) from api.invoices)::text || (select count(*) from api.payments)::text
        || tests.error_of($$ select api.ar_record_payment('{"invoice_id": "INV0103260002", "amount": 1}') $$)
        || tests.error_of($$ select api.ar_void_invoice('INV0103260002', '{"reason": "x"}') $$),
    '00PT404 invoice.not_foundPT404 invoice.not_found', 'another organisation finds nothing of it'
);

select * from finish();
rollback;
