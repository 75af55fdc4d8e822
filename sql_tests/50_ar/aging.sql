-- What is owed: outstanding, overdue, aging and DSO, computed by hand beside it; and who sees it.

begin;
select plan(35);
\ir _ar.psql
create function pg_temp.overdue(p_name text) returns text
language sql
as $$
    select concat_ws(' ', o.is_overdue, o.days_past_due, o.outstanding_amount)
    from api.v_invoice_outstanding o where o.invoice_id = pg_temp.kept(p_name, 'invoice_id')
$$;

create function pg_temp.seen(p_who text) returns text
language plpgsql
as $$
begin
    perform tests.become(p_who || '@alpha.test');
    return (
        select concat_ws(
            ' | ',
            (select string_agg(distinct i.customer_id, ' ' order by i.customer_id) from api.invoices i),
            (select string_agg(distinct p.customer_id, ' ' order by p.customer_id) from api.payments p),
            (select string_agg(distinct m.customer_id, ' ' order by m.customer_id) from api.v_my_customers_ar m),
            (select string_agg(distinct o.customer_id, ' ' order by o.customer_id) from api.v_invoice_outstanding o),
            (select string_agg(distinct a.customer_id, ' ' order by a.customer_id) from api.v_ar_aging a),
            (select string_agg(d.ar_outstanding::text, ' ' order by d.currency) from api.v_dso_rolling_30 d)
        )
    );
end
$$;

create temporary table pages (n bigint generated always as identity, page jsonb) on commit drop;
grant select, insert on pages to public;

select tests.become('fin@alpha.test');

-- Overdue (case 109); today is 2026-03-31

select pg_temp.invoice('today', 'C1', 10, '2026-03-31');
select pg_temp.invoice('yesterday', 'C1', 20, '2026-03-30');
select pg_temp.invoice('late', 'C1', 30, '2026-03-02');
select pg_temp.pay('late', 30);
select is(pg_temp.overdue('today'), 'f 0 10.00', 'case 109: due today is not overdue');
select is(pg_temp.overdue('yesterday'), 't 1 20.00', 'case 109: due yesterday is, by a day');
select is(pg_temp.overdue('late'), 'f 0 0.00', 'case 109, P17: what is paid is not overdue, however late it was paid');
select is(
    (select a.aging_bucket from api.v_invoice_aging a where a.invoice_id = pg_temp.kept('late', 'invoice_id')), 'PAID', 'P17: nor has it an age'
);

-- The day is the organisation's: 2026-03-31 18:00 UTC is 1 April in Jakarta
select tests.become_owner();
update app.clock set frozen_at = '2026-03-31T18:00:00Z';
select tests.become('fin@alpha.test');
select is(pg_temp.overdue('today'), 't 1 10.00', 'P8: overdue from midnight in Jakarta');
select tests.become_owner();
update app.clock set frozen_at = '2026-03-31T05:00:00Z';
select tests.become('fin@alpha.test');

-- Buckets (case 110): an invoice for each border, of C2, each with an amount of its own

select pg_temp.invoice('b' || b.days, 'C2', b.amount, date '2026-03-31' - b.days, '2025-11-01')
from (values (0, 1), (1, 2), (30, 4), (31, 8), (60, 16), (61, 32), (90, 64), (91, 128.01)) as b (days, amount);
select results_eq(
    $$ select a.days_overdue, a.aging_bucket from api.v_invoice_aging a where a.customer_id = 'C2' order by 1 $$,
    $$ values (0, 'CURRENT'), (1, '1-30'), (30, '1-30'), (31, '31-60'), (60, '31-60'), (61, '61-90'), (90, '61-90'), (91, '>90') $$,
    'case 110: days past due 0, 1, 30, 31, 60, 61, 90, 91'
);
select results_eq(
    $$ select ar_total, bucket_current, bucket_1_30, bucket_31_60, bucket_61_90, bucket_90_plus from api.v_ar_aging where customer_id = 'C2' $$,
    $$ values (255.01, 1.00, 6.00, 24.00, 96.00, 128.01) $$, 'case 110: and their sums per customer'
);

-- Currencies stay apart (P24), void and paid invoices out

select pg_temp.invoice('dollars', 'C2', 5, '2026-03-01', '2026-02-01', '{"currency": "usd"}');
select pg_temp.invoice('wrong', 'C2', 1000, '2026-03-01', '2026-02-01');
select api.ar_void_invoice(pg_temp.kept('wrong', 'invoice_id'), '{"reason": "wrong"}');
select results_eq(
    $$ select currency, ar_total, bucket_1_30 from api.v_ar_aging where customer_id = 'C2' order by 1 $$,
    $$ values ('IDR', 255.01, 6.00), ('USD', 5.00, 5.00) $$, 'P24: a line for each currency, none for what is void'
);
select is_empty(
    $$ select customer_id, currency from api.v_ar_aging
       where ar_total <> bucket_current + bucket_1_30 + bucket_31_60 + bucket_61_90 + bucket_90_plus $$,
    'case 110, P16: the buckets are all of it, to the cent'
);
select results_eq(
    $$ select currency, sum(ar_total) from api.v_ar_aging group by 1 order by 1 $$,
    $$ select currency, sum(outstanding_amount) from api.v_invoice_outstanding group by 1 order by 1 $$, 'case 110: and the customers are all invoices'
);
select results_eq(
    $$ select customer_id, currency, ar_total from api.v_ar_aging order by 1, 2 $$,
    $$ select i.customer_id, i.currency, sum(i.invoice_amount - coalesce(p.paid, 0))
       from api.invoices i left join (select invoice_id, sum(net_amount) as paid from api.payments group by 1) p using (invoice_id)
       where i.status <> 'VOID' group by 1, 2 having sum(i.invoice_amount - coalesce(p.paid, 0)) > 0 order by 1, 2 $$,
    'what is kept with the invoice says what the payments say'
);

-- DSO by hand (case 111), in an organisation of its own

select tests.become('fin@beta.test');
select pg_temp.invoice('d1', 'Cb', 400, '2026-04-30', '2026-03-31');
select pg_temp.invoice('d2', 'Cb', 200, '2026-04-30', '2026-03-02');
select pg_temp.invoice('d3', 'Cb', 700, '2026-04-30', '2026-03-01');
select pg_temp.invoice('d4', 'Cb', 900, '2026-04-30', '2026-04-01');
select pg_temp.pay('d3', 700, '{"payment_date": "2026-03-20"}');
select pg_temp.pay('d1', 300, '{"payment_date": "2026-03-31"}');
select results_eq(
    $$ select as_of_date, currency, ar_outstanding, revenue_30, dso_days_rolling_30 from api.v_dso_rolling_30 $$,
    $$ values (date '2026-03-31', 'IDR', 300.00, 600.00, 15.00) $$,
    'case 111, P18: AR 300, revenue of exactly 30 days 600, DSO 15; 1 March is 30 days old and out, tomorrow is out'
);
select results_eq(
    'select * from api.dso_as_of(''2026-03-31'')', $$ values (date '2026-03-31', 'IDR', 300.00, 600.00, 15.00) $$, 'case 111: today''s is what the view says'
);
select results_eq(
    'select * from api.dso_as_of(''2026-03-19'')', $$ values (date '2026-03-19', 'IDR', 900.00, 900.00, 30.00) $$,
    'case 111: on the 19th the first of March was unpaid and young enough'
);
select results_eq(
    'select * from api.dso_as_of(''2026-03-30'')', $$ values (date '2026-03-30', 'IDR', 200.00, 900.00, 6.67) $$, 'case 111: and paid on the 30th'
);
select results_eq(
    'select currency, ar_outstanding, revenue_30, dso_days_rolling_30 from api.dso_as_of(''2026-05-20'')', $$ values ('IDR', 1200.00, 0.00, null::numeric) $$,
    'case 111: without revenue there is no DSO'
);
select pg_temp.keep('half', pg_temp.pay('d1', 100));
select is((select dso_days_rolling_30 from api.v_dso_rolling_30), 10.00, 'case 111: a payment changes it');
select api.ar_reverse_payment(pg_temp.kept('half', 'payment_id')::bigint, '{"reason": "bounced"}');
select is((select dso_days_rolling_30 from api.v_dso_rolling_30), 15.00, 'case 111: and its reversal changes it back');
select is_empty('select * from api.dso_as_of(''2026-01-01'')', 'before everything there was nothing');
select is(tests.error_of('select * from api.dso_as_of(null)'), null, 'no day, no error');

-- Who sees what (case 112, 113)

select tests.become('fin@alpha.test');
select pg_temp.invoice('third', 'C3', 3);
select pg_temp.invoice('nobody''s', 'Cm', 4);
select tests.become_owner();
select is(pg_temp.seen('sp1'), 'C1 | C1 | C1 | C1 | C1 | 30.00', 'case 112: a salesperson sees the own customers');
select is(pg_temp.seen('sp2'), 'C2 | C2 | C2 | C2 | 255.01 5.00', 'case 112: another other ones (nothing was paid)');
select is(pg_temp.seen('sp3'), 'C3 | C3 | C3 | C3 | 3.00', 'case 112: a third others again');
select is(pg_temp.seen('sm'), 'C1 C2 | C1 | C1 C2 | C1 C2 | C1 C2 | 285.01 5.00', 'case 112: a manager the team''s');
select is(pg_temp.seen('sm2'), 'C3 | C3 | C3 | C3 | 3.00', 'case 112: each the own team''s');
select is(
    array(select pg_temp.seen(w) from unnest(array['dir', 'fin', 'sa', 'mad']) w),
    array_fill('C1 C2 C3 Cm | C1 | C1 C2 C3 Cm | C1 C2 C3 Cm | C1 C2 C3 Cm | 292.01 5.00'::text, array[4]), 'case 112: director, finance and super admins all'
);
select is(
    array(select pg_temp.seen(w) from unnest(array['mm', 'mc', 'dgo', 'ss', 'exi', 'dom', 'dtd', 'trf', 'adm', 'stf']) w), array_fill(''::text, array[10]),
    'case 113, P9: marketing, support, operations, admins and staff see nothing of any of it'
);
select is(
    (select array_agg(distinct pg_temp.refused(w, 'select * from api.dso_as_of(''2026-03-31'')')) from unnest(array['mm', 'mc', 'ss', 'exi', 'stf']) w),
    array['PT403 permission.denied'], 'case 113: and are told so where they ask a function'
);
select tests.become('fin@beta.test');
select is((select count(*) from api.v_invoice_outstanding where customer_id <> 'Cb'), 0::bigint, 'another organisation sees its own');

-- Who works for whom counts at once (case 146, 147)

select tests.become_owner();
update app.profiles set manager_user_id = tap.uid('sm2@alpha.test') where email = 'sp1@alpha.test';
select is(pg_temp.seen('sm'), 'C2 | C2 | C2 | C2 | 255.01 5.00', 'case 146: a manager who lost a salesperson loses the invoices');
select is(pg_temp.seen('sm2'), 'C1 C3 | C1 | C1 C3 | C1 C3 | C1 C3 | 33.00', 'case 146: the new one has them');
select tests.become_owner();
update app.profiles set manager_user_id = tap.uid('sm2@alpha.test') where email = 'sp2@alpha.test';
select is(pg_temp.seen('sm'), '', 'case 147: a manager without a team sees the own, of which there are none');

-- Pages

select tests.become('fin@alpha.test');
insert into pages (page) values (api.ar_dso('{"type": "my-customers"}', 2, null));
insert into pages (page) select api.ar_dso('{"type": "my-customers"}', 2, page -> 'next') from pages where n = 1;
insert into pages (page) select api.ar_dso('{"type": "my-customers"}', 2, page -> 'next') from pages where n = 2;
select is(
    (select string_agg(concat_ws('/', i ->> 'customer_id', i ->> 'currency'), ' ' order by p.n, o) from pages p, jsonb_array_elements(p.page -> 'items') with ordinality as e (i, o)),
    'C1/IDR C2/IDR C2/USD C3/IDR Cm/IDR', 'pages hold each customer and currency once'
);
select is((select page -> 'next' from pages where n = 3), 'null'::jsonb, 'and end');
select is(
    (select i from jsonb_array_elements(api.ar_dso() -> 'items') i where i ->> 'currency' = 'IDR')
        - '{bucket_1_30,bucket_31_60,bucket_61_90,bucket_90_plus}'::text[],
    '{"currency": "IDR", "ar_total": 292.01, "overdue_total": 274.01, "bucket_current": 18.00, "customers": 4}', 'the summary adds up'
);

select * from finish();
rollback;
