-- Types of tickets, their statuses and the arrows between them (spec: command_center §2.1, §2.5; decisions D8).

with wanted (ticket_type, machine, id_prefix, id_names_department, position) as (
    values
        ('inquiry tariff', 'inquiry', 'RFQ', true, 1),
        ('general request', 'general', 'GEN', true, 2),
        ('request pickup', 'general', 'REQPU', false, 3),
        ('request delivery', 'general', 'REQDVR', false, 4)
),
removed as (
    delete from desk.ticket_types t where not exists (select from wanted w where w.ticket_type = t.ticket_type)
)
insert into desk.ticket_types (ticket_type, machine, id_prefix, id_names_department, position)
select * from wanted
on conflict (ticket_type) do update
set machine = excluded.machine,
    id_prefix = excluded.id_prefix,
    id_names_department = excluded.id_names_department,
    position = excluded.position;

with wanted (machine, status, is_initial, is_terminal, waits_for_customer, position) as (
    values
        ('inquiry', 'OPEN', true, false, false, 1),
        ('inquiry', 'WAITING RESPON', false, false, false, 2),
        ('inquiry', 'WAITING CUSTOMER', false, false, true, 3),
        ('inquiry', 'CLOSED', false, true, false, 4),
        ('inquiry', 'CLOSED LOST', false, true, false, 5),
        ('general', 'OPEN', true, false, false, 1),
        ('general', 'IN PROGRESS', false, false, false, 2),
        ('general', 'CLOSED', false, true, false, 3)
),
removed as (
    delete from desk.ticket_statuses s
    where not exists (select from wanted w where w.machine = s.machine and w.status = s.status)
)
insert into desk.ticket_statuses (machine, status, is_initial, is_terminal, waits_for_customer, position)
select * from wanted
on conflict (machine, status) do update
set is_initial = excluded.is_initial,
    is_terminal = excluded.is_terminal,
    waits_for_customer = excluded.waits_for_customer,
    position = excluded.position;

with wanted (machine, from_status, to_status) as (
    values
        ('inquiry', 'OPEN', 'WAITING RESPON'),
        ('inquiry', 'OPEN', 'CLOSED'),
        ('inquiry', 'OPEN', 'CLOSED LOST'),
        ('inquiry', 'WAITING RESPON', 'WAITING CUSTOMER'),
        ('inquiry', 'WAITING RESPON', 'CLOSED'),
        ('inquiry', 'WAITING RESPON', 'CLOSED LOST'),
        ('inquiry', 'WAITING CUSTOMER', 'WAITING RESPON'),
        ('inquiry', 'WAITING CUSTOMER', 'CLOSED'),
        ('inquiry', 'WAITING CUSTOMER', 'CLOSED LOST'),
        ('general', 'OPEN', 'IN PROGRESS'),
        ('general', 'OPEN', 'CLOSED'),
        ('general', 'IN PROGRESS', 'CLOSED')
),
removed as (
    delete from desk.ticket_transitions t
    where not exists (
        select from wanted w
        where w.machine = t.machine and w.from_status = t.from_status and w.to_status = t.to_status
    )
)
insert into desk.ticket_transitions (machine, from_status, to_status)
select * from wanted
on conflict do nothing;

with wanted (reason, needs_words, position) as (
    values
        ('Price too high', false, 1),
        ('Customer budget constraint', false, 2),
        ('Competitor won', false, 3),
        ('No response from customer', false, 4),
        ('Project cancelled', false, 5),
        ('Other', true, 6)
),
removed as (
    delete from desk.close_reasons r where not exists (select from wanted w where w.reason = r.reason)
)
insert into desk.close_reasons (reason, needs_words, position)
select * from wanted
on conflict (reason) do update
set needs_words = excluded.needs_words, position = excluded.position;
