-- What became overdue is told once a day: of all invoices to whoever sees all, of their own to people of sales.

begin;
select plan(7);
\ir _ar.psql

select tests.become('fin@alpha.test');
select isnt(pg_temp.invoice(i.name, i.customer, 100, i.due), null, i.name)
from (
    values
        ('late1', 'C1', '2026-03-30'::date), ('late2', 'C2', '2026-03-30'), ('older', 'C1', '2026-03-29'), ('today', 'C1', '2026-03-31')
) as i (name, customer, due);
select tests.become_owner();
select is(app.do_scheduled_job('invoices.overdue', 'a0000000-0000-4000-8000-000000000000', 100), 0, 'the job has nothing left');
select app.do_scheduled_job('invoices.overdue', 'a0000000-0000-4000-8000-000000000000', 100);
select app.do_scheduled_job('invoices.overdue', 'b0000000-0000-4000-8000-000000000000', 100);
select results_eq(
    $$
        select split_part(p.email, '@', 1), n.title, n.data
        from app.notifications n
        join app.profiles p on p.user_id = n.user_id
        where n.topic = 'invoices.overdue'
        order by 1
    $$,
    $$
        values
            ('dir', '2 invoices are overdue since today', '{"due_date": "2026-03-30", "invoices": 2}'::jsonb),
            ('fin', '2 invoices are overdue since today', '{"due_date": "2026-03-30", "invoices": 2}'),
            ('mad', '2 invoices are overdue since today', '{"due_date": "2026-03-30", "invoices": 2}'),
            ('sa', '2 invoices are overdue since today', '{"due_date": "2026-03-30", "invoices": 2}'),
            ('sp1', 'An invoice is overdue since today', '{"due_date": "2026-03-30", "invoices": 1}'),
            ('sp2', 'An invoice is overdue since today', '{"due_date": "2026-03-30", "invoices": 1}')
    $$,
    'those that were due yesterday, once, without a name'
);
update app.clock set frozen_at = frozen_at + interval '1 day';
select app.do_scheduled_job('invoices.overdue', 'a0000000-0000-4000-8000-000000000000', 100);
select results_eq(
    $$
        select split_part(p.email, '@', 1)
        from app.notifications n
        join app.profiles p on p.user_id = n.user_id
        where n.topic = 'invoices.overdue' and n.entity_id = '2026-04-01'
        order by 1
    $$,
    $$ values ('dir'), ('fin'), ('mad'), ('sa'), ('sp1') $$, 'the next day the next'
);

select * from finish();
rollback;
