-- Files of invoices and payments that are taken back: money is as it was, but what people have worked with since.

begin;
select plan(26);
\ir _files.psql
\ir _undo.psql
insert into crm.customers (org_id, customer_id, company_name)
select o.org_id, 'C1', 'PT Satu' from app.organizations o where o.slug = 'alpha';
create function pg_temp.bill(p_no text, p_amount numeric) returns jsonb
language sql
as $$
    select jsonb_build_object(
        'customer_id', 'C1', 'invoice_date', '2026-03-01', 'due_date', '2026-03-31', 'invoice_amount', p_amount, 'external_no', p_no
    )
$$;
create function pg_temp.receipt(p_no text, p_amount numeric, p_reference text default '') returns jsonb
language sql
as $$
    select jsonb_build_object('invoice_id', p_no, 'payment_date', '2026-03-05', 'amount', p_amount, 'reference_no', p_reference)
$$;
create function pg_temp.refused(p_who text, p_call text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who);
    return tests.error_of(p_call);
end
$$;
-- Every invoice whose paid amount is not the sum of its payments (decisions §3).
create function pg_temp.miscounted() returns bigint
language sql
security definer
as $$
    select count(*)
    from ar.invoices i
    where i.paid_amount <> (
        select coalesce(sum(case when p.reversed_payment_id is null then p.amount else -p.amount end), 0)
        from ar.payments p
        where p.org_id = i.org_id and p.invoice_id = i.invoice_id
    )
$$;

-- Something is there before

select tests.become('fin@alpha.test');
select pg_temp.upload('own', 'invoices', jsonb_build_array(pg_temp.bill('OWN', 100)));
select is(pg_temp.done('own'), 'completed: 1 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'an invoice that stays');
select isnt(api.ar_record_payment(jsonb_build_object('invoice_id', pg_temp.made('own', 2), 'amount', 10, 'reference_no', 'T0')), null, 'and is paid in part');
select tests.become_owner();
insert into states select 'before', pg_temp.state('ar', 'crm', 'desk');

-- Invoices

select tests.become('fin@alpha.test');
select pg_temp.upload('bills', 'invoices', jsonb_build_array(
    pg_temp.bill('A/1', 100), pg_temp.bill('A/2', 200), pg_temp.bill('OWN', 100), pg_temp.bill('OWN', 101), pg_temp.bill('A/3', 0), pg_temp.bill('A/4', 400)
));
select is(pg_temp.done('bills'), 'completed: 3 success, 2 error, 1 skipped, 0 duplicate, 0 pending', 'a file makes invoices, and finds one');
select is(
    pg_temp.refused(w.who, format('select api.undo_import(%s)', pg_temp.id('bills'))), w.outcome, 'not for ' || w.who
)
from (
    values ('fin@beta.test', 'PT404 import.not_found'), ('mm@alpha.test', 'PT404 import.not_found'), ('dir@alpha.test', 'PT403 permission.denied')
) as w (who, outcome);
select tests.become('fin@alpha.test');
select is(api.undo_import(pg_temp.id('bills'), 1) ->> 'status', 'undoing', 'it is taken back in chunks');
select is(pg_temp.undone('bills', 1), '3 removed, 0 restored, 0 refused', 'all of it that it made');
select tests.become_owner();
select is(pg_temp.state('ar', 'crm', 'desk'), (select s.state from states s where s.name = 'before'), 'undo: every table is what it was, row by row');
select is(
    (
        select count(*)
        from app.audit_logs a
        where a.table_name = 'ar.invoices' and a.action = 'DELETE' and a.import_id is null and a.changed_by = tap.uid('fin@alpha.test')
          and a.before_data ->> 'source_import_id' = pg_temp.id('bills')::text
    ),
    3::bigint, 'of each invoice that went the trail has the image'
);
select is(
    (select array_agg(distinct o.cache_tags) from app.outbox o where o.topic = 'imports.undone' and o.key = pg_temp.id('bills')::text),
    '{{imports,invoices}}'::text[], 'who listens is told, once'
);
select is(tests.error_of('delete from ar.invoices'), 'PT409 ar.kept', 'case 115: afterwards nobody deletes');
select tests.become('sa@alpha.test');
select is(pg_temp.undone('bills'), '3 removed, 0 restored, 0 refused', 'once more, by whoever manages the module, changes nothing');

-- Invoices that people work with

select tests.become('fin@alpha.test');
select pg_temp.upload('used', 'invoices', (select jsonb_agg(pg_temp.bill('B/' || n, 100 + n) order by n) from generate_series(1, 8) n));
select is(pg_temp.done('used'), 'completed: 8 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'eight invoices');
do $$
declare
    v_payment bigint;
begin
    perform api.ar_update_invoice(pg_temp.made('used', 2), '{"notes": "by hand"}');
    perform api.ar_update_invoice(pg_temp.made('used', 3), '{"status": "SENT"}');
    perform api.ar_void_invoice(pg_temp.made('used', 4), '{"reason": "wrong"}');
    perform api.ar_record_payment(jsonb_build_object('invoice_id', pg_temp.made('used', 5), 'amount', 5));
    v_payment := (api.ar_record_payment(jsonb_build_object('invoice_id', pg_temp.made('used', 6), 'amount', 6)) ->> 'payment_id')::bigint;
    perform api.ar_reverse_payment(v_payment, '{"reason": "wrong"}');
    perform api.ar_create_collection_ticket(jsonb_build_object('invoice_id', pg_temp.made('used', 7)));
end
$$;
select tests.become_owner();
insert into states select 'worked', pg_temp.state('ar', 'crm', 'desk');
select tests.become('fin@alpha.test');
select is(pg_temp.undone('used', 3), '2 removed, 0 restored, 6 refused', 'two that nobody has touched go');
select is(
    pg_temp.left_alone('used'),
    '2 ar.invoices changed, 3 ar.invoices changed, 4 ar.invoices changed, 5 ar.invoices in_use, 6 ar.invoices in_use, 7 ar.invoices in_use',
    'one that was edited, sent, voided; paid, paid and reversed, or is being collected stays, and is named'
);
select tests.become_owner();
select is(
    pg_temp.state('ar', 'crm', 'desk'),
    (
        select jsonb_set(s.state, '{ar.invoices}', (
            select jsonb_agg(i order by i::text)
            from jsonb_array_elements(s.state -> 'ar.invoices') i
            where i ->> 'invoice_id' not in (pg_temp.made('used', 8), pg_temp.made('used', 9))
        ))
        from states s
        where s.name = 'worked'
    ),
    'undo: all but those two is as it was, payments, tickets and notes too'
);
select tests.become('fin@alpha.test');
select pg_temp.upload('used again', 'invoices', (select jsonb_agg(pg_temp.bill('B/' || n, 100 + n) order by n) from generate_series(1, 8) n));
select is(
    pg_temp.done('used again'), 'completed: 3 success, 0 error, 5 skipped, 0 duplicate, 0 pending',
    'uploaded again, what stays is not made a second time; a void invoice and those that went are'
);

-- Payments

select tests.become_owner();
insert into states select 'unpaid', pg_temp.state('ar');
select tests.become('fin@alpha.test');
select pg_temp.upload('receipts', 'payments', jsonb_build_array(
    pg_temp.receipt('OWN', 20, 'T1'), pg_temp.receipt('OWN', 10, 'T0'), pg_temp.receipt('OWN', 70), pg_temp.receipt('B/8', 8, 'T1'), pg_temp.receipt('B/8', 1000)
));
select is(pg_temp.done('receipts'), 'completed: 3 success, 2 error, 0 skipped, 0 duplicate, 0 pending', 'a file of payments');
select is(pg_temp.undone('receipts', 2), '3 removed, 0 restored, 0 refused', 'is taken back');
select tests.become_owner();
select is(pg_temp.state('ar'), (select s.state from states s where s.name = 'unpaid'), 'undo: what invoices owe is what it was, row by row');

select tests.become('fin@alpha.test');
select pg_temp.upload('reversed', 'payments', jsonb_build_array(pg_temp.receipt('OWN', 20, 'T1'), pg_temp.receipt('OWN', 30, 'T2'), pg_temp.receipt('B/8', 8, 'T1')));
select is(pg_temp.done('reversed'), 'completed: 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending', 'three payments');
select isnt(api.ar_reverse_payment(pg_temp.made('reversed', 3)::bigint, '{"reason": "wrong"}'), null, 'of which one is reversed');
select is(pg_temp.undone('reversed') || ': ' || pg_temp.left_alone('reversed'), '2 removed, 0 restored, 1 refused: 3 ar.payments in_use', 'it stays beside its reversal');
select is(
    (select jsonb_object_agg(i.external_no, i.paid_amount) from api.invoices i where i.external_no in ('OWN', 'B/8')), '{"OWN": 10.00, "B/8": 0.00}',
    'what was paid is without those that went'
);
select pg_temp.upload('reversed again', 'payments', jsonb_build_array(pg_temp.receipt('OWN', 20, 'T1'), pg_temp.receipt('OWN', 30, 'T2'), pg_temp.receipt('B/8', 8, 'T1')));
select is(
    pg_temp.done('reversed again') || ', ' || pg_temp.miscounted(), 'completed: 3 success, 0 error, 0 skipped, 0 duplicate, 0 pending, 0',
    'all three can be booked again'
);

select * from finish();
rollback;
