-- Files of invoices and payments: what is in order is written once, each other row says why not.

begin;
select plan(30);
\ir _files.psql
insert into crm.customers (org_id, customer_id, company_name, npwp)
select o.org_id, c.customer_id, c.company_name, c.npwp
from (
    values
        ('alpha', 'C1', 'PT Satu', '012345678901000'), ('alpha', 'C2', 'PT Dua', null), ('alpha', 'C3', 'PT Kembar', null),
        ('alpha', 'C4', 'PT. Kembar', null), ('beta', 'Cb', 'PT Beta', null)
) as c (org, customer_id, company_name, npwp)
join app.organizations o on o.slug = c.org;

create function pg_temp.may(p_who text, p_module text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return coalesce(tests.error_of(format('select pg_temp.upload(%L, %L, %L)', gen_random_uuid(), p_module, '[{"notes": "x"}]')), 'yes');
end
$$;

-- Who (case 124)

select is_empty(
    $$ select w, m, pg_temp.may(w, m) from unnest(array['dir', 'mm', 'mc', 'sm', 'sp1', 'ss', 'exi', 'adm', 'stf']) w, unnest(array['invoices', 'payments']) m
       where pg_temp.may(w, m) <> 'PT403 permission.denied' $$,
    'case 124: nobody but super admins and finance imports money'
);
select is(array(select pg_temp.may(w, 'invoices') from unnest(array['fin', 'sa', 'mad']) w), '{yes,yes,yes}', 'case 124: finance and super admins do');
select is(pg_temp.may('fin', 'leads') || pg_temp.may('fin', 'customers'), 'PT403 permission.deniedPT403 permission.denied', 'case 124: finance imports neither leads nor customers');

-- Invoices

select tests.become('fin@alpha.test');
select pg_temp.upload('bills', 'invoices', '[
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "100", "external_no": "A/1", "notes": "first"},
    {"npwp": "01.234.567.8-901.000", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "50.5", "currency": "usd"},
    {"company_name": "pt  DUA", "invoice_date": "2026-02-01", "due_date": "2026-02-28", "invoice_amount": "70.00"},
    {"company_name": "PT Kembar", "invoice_date": "2026-02-01", "due_date": "2026-02-28", "invoice_amount": "1"},
    {"customer_id": "Cb", "invoice_date": "2026-02-01", "due_date": "2026-02-28", "invoice_amount": "1"},
    {"invoice_date": "2026-02-01", "due_date": "2026-02-28", "invoice_amount": "1"},
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-02-01", "invoice_amount": "1"},
    {"customer_id": "C1", "invoice_date": "31/03/2026", "due_date": "", "invoice_amount": "1.000.000", "currency": "Rp"},
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "100", "external_no": "A/1", "notes": "first"},
    {"customer_id": "C2", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "200", "external_no": "A/1"},
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "0"}
]');
select is(pg_temp.process('bills', 4), 'processing: 3 success, 1 error, 0 skipped, 0 duplicate, 7 pending', 'a chunk at a time');
select is(pg_temp.process('bills'), 'completed: 3 success, 7 error, 0 skipped, 1 duplicate, 0 pending', 'case 116: good rows are written, bad ones are errors');
select is(
    pg_temp.reasons('bills'),
    '5 error invoice.company_name.ambiguous, 6 error invoice.customer_id.unknown, 7 error invoice.customer_id.required, '
    '8 error invoice.due_date.before_invoice, '
    '9 error invoice.currency.format+invoice.due_date.required+invoice.invoice_amount.format+invoice.invoice_date.format, '
    '10 duplicate import.row.duplicate, 11 error invoice.external_no.duplicate, 12 error invoice.invoice_amount.range',
    'each says why'
);
select results_eq(
    $$ select invoice_id, customer_id, invoice_amount, currency, external_no, status, payment_state from api.invoices order by invoice_date, invoice_id $$,
    $$ values ('INV0102260001', 'C2', 70.00, 'IDR', null, 'CREATED', 'UNPAID'), ('INV0103260001', 'C1', 100.00, 'IDR', 'A/1', 'CREATED', 'UNPAID'),
              ('INV0103260002', 'C1', 50.50, 'USD', null, 'CREATED', 'UNPAID') $$,
    'case 5: found by id, tax number or name; numbered by their dates'
);
select is(pg_temp.process('bills'), 'completed: 3 success, 7 error, 0 skipped, 1 duplicate, 0 pending', 'case 117: processing again does nothing');
select is(tests.error_of('select count(*) from app.audit_logs'), '42501', 'finance does not read the audit trail');
select tests.become_owner();
select is(
    (select count(*) from app.audit_logs a join ids i on i.import_id = a.import_id where a.table_name = 'ar.invoices' and a.changed_by = tap.uid('fin@alpha.test')),
    3::bigint, 'but it tells which import made them, and whose'
);
select tests.become('fin@alpha.test');
select pg_temp.upload('bills again', 'invoices', '[
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "100.00", "external_no": "A/1", "notes": "in other words"},
    {"customer_id": "C2", "invoice_date": "2026-02-01", "due_date": "2026-02-28", "invoice_amount": "70", "currency": "IDR", "notes": "again"},
    {"customer_id": "C1", "invoice_date": "2026-03-01", "due_date": "2026-03-31", "invoice_amount": "101", "external_no": "A/1"},
    {"customer_id": "C2", "invoice_date": "2026-03-09", "due_date": "2026-03-31", "invoice_amount": "5"}
]');
select is(pg_temp.process('bills again'), 'completed: 1 success, 1 error, 2 skipped, 0 duplicate, 0 pending', 'case 107, P31: an invoice that is there is not made again');
select is(
    pg_temp.reasons('bills again'), '2 skipped import.row.unchanged, 3 skipped import.row.unchanged, 4 error invoice.external_no.duplicate',
    'by its number, or by customer, dates and amount'
);
select is(tests.error_of(format('select api.process_import_payments(%s)', (select import_id from ids where name = 'bills'))), 'PT409 import.other_module', 'a file of invoices holds no payments');

-- Payments

select pg_temp.upload('receipts', 'payments', '[
    {"invoice_id": "INV0103260001", "payment_date": "2026-03-05", "amount": "60", "reference_no": "T1", "payment_method": "Transfer"},
    {"invoice_id": "A/1", "payment_date": "2026-03-06", "amount": "50"},
    {"invoice_id": "A/1", "payment_date": "2026-03-07", "amount": "40"},
    {"invoice_id": "A/1", "payment_date": "2026-03-08", "amount": "0.01"},
    {"invoice_id": "INV0103260002", "payment_date": "2026-04-01", "amount": "1"},
    {"invoice_id": "NONE", "payment_date": "2026-03-08", "amount": "1"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-08", "amount": "10", "reference_no": "T1", "payment_method": "Barter"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-08", "amount": "10", "reference_no": "T1"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-09", "amount": "11", "reference_no": "T1"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-08", "amount": "-5"}
]');
select is(pg_temp.process('receipts'), 'completed: 3 success, 7 error, 0 skipped, 0 duplicate, 0 pending', 'payments: good and bad rows');
select is(
    pg_temp.reasons('receipts'),
    '3 error payment.above_outstanding, 5 error payment.above_outstanding, 6 error payment.payment_date.future, 7 error payment.invoice_id.unknown, '
    '8 error payment.payment_method.unknown, 10 error payment.reference_no.duplicate, 11 error payment.amount.range',
    'decisions D7: what goes beyond is left out, and what fits after it counts'
);
select results_eq(
    $$ select invoice_id, paid_amount, outstanding_amount, payment_state from api.invoices where paid_amount > 0 order by 1 $$,
    $$ values ('INV0102260001', 10.00, 60.00, 'PARTIAL'), ('INV0103260001', 100.00, 0.00, 'PAID') $$, 'case 106: sums follow'
);
select is(
    (select string_agg(r.target_table || ' ' || p.invoice_id, ', ' order by r.row_no) from api.import_rows r join ids i using (import_id)
     join api.payments p on p.payment_id = r.target_id::bigint where i.name = 'receipts' and r.status = 'success'),
    'ar.payments INV0103260001, ar.payments INV0103260001, ar.payments INV0102260001', 'each row leads to its payment'
);
select pg_temp.upload('receipts again', 'payments', '[
    {"invoice_id": "INV0103260001", "payment_date": "2026-03-05", "amount": "60", "reference_no": "T1", "payment_method": "Transfer"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-08", "amount": "10.0", "reference_no": "T1", "notes": "in other words"},
    {"invoice_id": "INV0102260001", "payment_date": "2026-03-08", "amount": "60"}
]');
select is(pg_temp.process('receipts again'), 'completed: 1 success, 0 error, 2 skipped, 0 duplicate, 0 pending', 'case 107: a payment that is there is not made again');
select is((select sum(net_amount) from api.payments), 170.00, 'case 107: and counts once');
select pg_temp.upload('too much', 'payments', '[{"invoice_id": "INV0103260002", "payment_date": "2026-03-05", "amount": "50.51"}]');
select is(pg_temp.process('too much'), 'failed: 0 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'case 120: when every row is bad the import failed');
select lives_ok(
    format('select api.retry_import(%s, %L)', (select import_id from ids where name = 'too much'), '{"2": {"amount": "50.50"}}'), 'case 118: the amount is mended'
);
select is(pg_temp.process('too much'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'case 118: and is taken');
select is((select sum(outstanding_amount) from api.invoices), 5.00, 'nothing is left but the last invoice');
select is_empty(
    $$ select i.invoice_id from api.invoices i left join api.payments p using (invoice_id)
       group by 1, i.paid_amount having i.paid_amount <> coalesce(sum(p.net_amount), 0) $$,
    'decisions §3: paid_amount is the sum after imports too'
);

-- Strangers (case 125)

select tests.become('sa@alpha.test');
select lives_ok(format('select api.process_import_invoices(%s)', (select import_id from ids where name = 'bills')), 'case 125: whoever manages the module may process it');
select tests.become('mm@alpha.test');
select is(tests.error_of(format('select api.process_import_invoices(%s)', (select import_id from ids where name = 'bills'))), 'PT404 import.not_found', 'case 125: others do not find it');
select tests.become('dir@alpha.test');
select is(tests.error_of(format('select api.process_import_payments(%s)', (select import_id from ids where name = 'bills'))), 'PT403 permission.denied', 'case 124: a director processes nothing');
select tests.become('fin@beta.test');
select is(tests.error_of(format('select api.process_import_invoices(%s)', (select import_id from ids where name = 'bills'))), 'PT404 import.not_found', 'nor does another organisation');
select pg_temp.upload('beta', 'payments', '[{"invoice_id": "INV0103260002", "payment_date": "2026-03-05", "amount": "1"}]');
select is(pg_temp.process('beta'), 'failed: 0 success, 1 error, 0 skipped, 0 duplicate, 0 pending', 'whose payments find no invoice here');

-- Halving: a row that only the database refuses stands alone

select tests.become_owner();
alter table ar.invoices add constraint invoices_test_check check (notes is distinct from 'refuse me') not valid;
select tests.become('fin@alpha.test');
select pg_temp.upload('halved', 'invoices', (
    select jsonb_agg(jsonb_build_object(
        'customer_id', 'C1', 'invoice_date', '2026-03-20', 'due_date', '2026-03-31', 'invoice_amount', n, 'notes', case n when 5 then 'refuse me' end
    )) from generate_series(1, 9) n
));
select is(pg_temp.process('halved') || ' | ' || pg_temp.reasons('halved'), 'completed: 8 success, 1 error, 0 skipped, 0 duplicate, 0 pending | 6 error import.row.refused', 'design §7: one bad row does not take the file down');

select * from finish();
rollback;
