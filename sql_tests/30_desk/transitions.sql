-- Both status machines: every pair of statuses, by the owner's own update and by function; reasons for what is lost.

begin;

insert into app.clock (frozen_at) values ('2031-03-01 05:00:00+00');

-- The arrows as the specification draws them (command_center §2.5).
create temporary table arrows (machine text, from_status text, to_status text) on commit drop;
insert into arrows
values
    ('inquiry', 'OPEN', 'WAITING RESPON'), ('inquiry', 'OPEN', 'CLOSED'), ('inquiry', 'OPEN', 'CLOSED LOST'),
    ('inquiry', 'WAITING RESPON', 'WAITING CUSTOMER'), ('inquiry', 'WAITING RESPON', 'CLOSED'),
    ('inquiry', 'WAITING RESPON', 'CLOSED LOST'), ('inquiry', 'WAITING CUSTOMER', 'WAITING RESPON'),
    ('inquiry', 'WAITING CUSTOMER', 'CLOSED'), ('inquiry', 'WAITING CUSTOMER', 'CLOSED LOST'),
    ('general', 'OPEN', 'IN PROGRESS'), ('general', 'OPEN', 'CLOSED'), ('general', 'IN PROGRESS', 'CLOSED');

create temporary table pairs on commit drop as
select
    row_number() over (order by s.machine, s.status, t.status) as n,
    s.machine, s.status as from_status, t.status as to_status,
    exists (
        select from arrows a where a.machine = s.machine and a.from_status = s.status and a.to_status = t.status
    ) as is_listed
from (
    values
        ('inquiry', 'OPEN'), ('inquiry', 'WAITING RESPON'), ('inquiry', 'WAITING CUSTOMER'), ('inquiry', 'CLOSED'),
        ('inquiry', 'CLOSED LOST'), ('general', 'OPEN'), ('general', 'IN PROGRESS'), ('general', 'CLOSED')
) as s (machine, status)
join (
    values
        ('inquiry', 'OPEN'), ('inquiry', 'WAITING RESPON'), ('inquiry', 'WAITING CUSTOMER'), ('inquiry', 'CLOSED'),
        ('inquiry', 'CLOSED LOST'), ('general', 'OPEN'), ('general', 'IN PROGRESS'), ('general', 'CLOSED')
) as t (machine, status) on t.machine = s.machine;
grant select on pairs, arrows to public;

-- A ticket for each pair, twice: one to be updated, one to be moved by function. They are put into their status with
-- triggers off, as nobody could otherwise bring one straight into each.
set local session_replication_role = replica;
insert into desk.tickets (
    org_id, ticket_id, ticket_type, dept_target, inquiry_status, ticket_status, subject, close_reason, closed_at, created_by
)
select
    'a0000000-0000-4000-8000-000000000000', w.way || p.n,
    case p.machine when 'inquiry' then 'inquiry tariff' else 'request pickup' end, 'EXI',
    case p.machine when 'inquiry' then p.from_status end,
    case p.machine when 'general' then p.from_status end,
    'S', case p.from_status when 'CLOSED LOST' then 'Project cancelled' end,
    case when p.from_status like 'CLOSED%' then app.now() end, tap.uid('sp1@alpha.test')
from pairs p
cross join (values ('UPDATED'), ('CALLED')) as w (way);
set local session_replication_role = origin;

select plan((select 2 * count(*)::integer from pairs) + 21);

select is(
    tests.error_of(format(
        'update desk.tickets set %s = %L, close_reason = %L where ticket_id = %L',
        case p.machine when 'inquiry' then 'inquiry_status' else 'ticket_status' end, p.to_status,
        case when p.to_status = 'CLOSED LOST' then 'Project cancelled' end, 'UPDATED' || p.n
    )),
    case
        when p.is_listed or (p.from_status = p.to_status) then null
        else 'PT409 ticket.transition.refused'
    end,
    format('case 75, P25: a %s from %s to %s by direct update is %s', p.machine, p.from_status, p.to_status,
        case when p.is_listed then 'done' else 'refused' end)
)
from pairs p;

select tests.become('exi@alpha.test');
select is(
    tests.error_of(format(
        'select api.ticket_transition(%L, %L, %L)', 'CALLED' || p.n, p.to_status,
        case when p.to_status = 'CLOSED LOST' and p.from_status <> p.to_status then 'Project cancelled' end
    )),
    case when p.is_listed or p.from_status = p.to_status then null else 'PT409 ticket.transition.refused' end,
    format('case 75: a %s from %s to %s by function is %s', p.machine, p.from_status, p.to_status,
        case when p.is_listed then 'done' else 'refused' end)
)
from pairs p;
select tests.become_owner();
select results_eq(
    $$
        select t.ticket_id, coalesce(t.inquiry_status, t.ticket_status), t.closed_at is not null
        from desk.tickets t join pairs p on t.ticket_id = 'CALLED' || p.n order by p.n
    $$,
    $$
        select
            'CALLED' || p.n,
            case when p.is_listed then p.to_status else p.from_status end,
            case when p.is_listed then p.to_status else p.from_status end like 'CLOSED%'
        from pairs p order by p.n
    $$,
    'case 75, 76: each stands where an arrow led it, and says since when it is closed exactly when it is'
);
select results_eq(
    'select machine, from_status, to_status from desk.ticket_transitions order by 1, 2, 3',
    'select machine, from_status, to_status from arrows order by 1, 2, 3',
    'D8: the arrows are data, and those of the specification'
);
select is_empty(
    $$
        select e.*
        from desk.sla_events e
        join pairs p on e.ticket_id = 'CALLED' || p.n
        where not p.is_listed
    $$,
    'a move that is none, and staying where it is, leave no SLA event'
);
select results_eq(
    $$
        select e.event_type, e.metadata ->> 'from', e.metadata ->> 'to', count(*)
        from desk.sla_events e
        where e.ticket_id like 'CALLED%' and e.event_type = 'STATUS_CHANGE'
        group by 1, 2, 3 order by 2, 3
    $$,
    $$ select 'STATUS_CHANGE', from_status, to_status, count(*) from arrows group by 2, 3 order by 2, 3 $$,
    'case 78: each move is on record once, from where to where'
);
select results_eq(
    $$ select distinct e.metadata ->> 'by' from desk.sla_events e where e.ticket_id like 'CALLED%' and e.event_type = 'STATUS_CHANGE' $$,
    $$ select tap.uid('exi@alpha.test')::text $$,
    'case 78: with who did it'
);
select results_eq(
    $$
        select coalesce(t.inquiry_status, t.ticket_status), count(*), min(e.metadata ->> 'status'), bool_and(e.metadata ? 'minutes')
        from desk.sla_events e join desk.tickets t using (org_id, ticket_id)
        where e.ticket_id like 'CALLED%' and e.event_type = 'RESOLVED'
        group by 1 order by 1
    $$,
    $$ values ('CLOSED', 5::bigint, 'CLOSED', true), ('CLOSED LOST', 3, 'CLOSED LOST', true) $$,
    'case 78: what is closed is resolved, once, with how long it took'
);
select is(
    tests.error_of($$ update desk.tickets set ticket_type = 'request delivery' where ticket_id = 'UPDATED1' $$),
    'PT422 ticket.type.immutable', 'a ticket keeps its type'
);

-- What is lost is lost for a reason (case 77)

delete from desk.tickets;
insert into desk.tickets (org_id, ticket_id, ticket_type, dept_target, subject, created_by)
select 'a0000000-0000-4000-8000-000000000000', 'RFQEXI0103319' || lpad(n::text, 3, '0'), 'inquiry tariff', 'EXI', 'S', tap.uid('sp1@alpha.test')
from generate_series(1, 9) n;
select tests.become('exi@alpha.test');
select is(
    tests.error_of(format('select api.ticket_transition(%L, %L, %L)', 'RFQEXI0103319001', 'CLOSED LOST', c.reason)), 'PT422 request.invalid',
    'case 77, P26: lost ' || c.what
)
from (values
    (null, 'without a reason'), ('   ', 'for a blank one'), ('Bad weather', 'for one that is not listed'),
    ('Other', 'for another without words'), ('Other:  ', 'for another with blank ones')
) as c (reason, what);
select is(
    tests.error_of(format('select api.ticket_transition(%L, %L, %L, 1200.50, 1000)', 'RFQEXI010331900' || c.n, 'CLOSED LOST', c.reason)), null,
    'case 77: lost for ' || c.reason
)
from (values (2, 'Price too high'), (3, 'Other: they moved to another town')) as c (n, reason);
select is(
    tests.faults_of($$ select api.ticket_update('RFQEXI0103319001', '{"status": "CLOSED", "close_reason": "Price too high", "competitor_rate": 5}') $$),
    array['close_reason ticket.close_reason.not_lost', 'competitor_rate ticket.competitor_rate.not_lost'], 'a reason without a loss is refused'
);
select is(
    tests.faults_of($$ select api.ticket_update('RFQEXI0103319001', '{"status": "IN PROGRESS"}') $$), array['status ticket.status.unknown'],
    'a status of another type is unknown'
);
select is(
    tests.error_of($$ select api.ticket_update('RFQEXI0103319001', '{"status": "WAITING RESPON", "expected_status": "WAITING CUSTOMER"}') $$),
    'PT409 ticket.status.changed', 'whoever has seen an older status is told'
);
select is(
    api.ticket_update('RFQEXI0103319001', '{"status": "WAITING RESPON", "expected_status": "OPEN"}') ->> 'status', 'WAITING RESPON',
    'whoever has seen the status of now moves it'
);
select tests.become_owner();
select results_eq(
    $$ select competitor_rate, customer_budget, close_reason from desk.tickets where ticket_id = 'RFQEXI0103319002' $$,
    $$ values (1200.50, 1000.00, 'Price too high') $$,
    'case 77: with the other''s rate and the customer''s budget'
);
select is(
    tests.error_of($$ update desk.tickets set inquiry_status = 'OPEN' where ticket_id = 'RFQEXI0103319002' $$),
    'PT409 ticket.transition.refused', 'case 76: nothing opens again'
);
select results_eq(
    $$ select reason from desk.close_reasons order by position $$,
    array['Price too high', 'Customer budget constraint', 'Competitor won', 'No response from customer', 'Project cancelled', 'Other'],
    'the reasons are those of the specification'
);

select * from finish();
rollback;
