-- What kinds of tickets there are, which statuses each has, and how it moves between them. Also the essay on module `desk`.
--
-- Module `desk` keeps true that a request for a tariff reaches the department that quotes on it, without the words of the
-- customer; that a ticket moves along the arrows of its kind and no others; and that what happened to it, and by when it had
-- to, is on record: SLA events and clocks are written by triggers only.
--
-- Data flow: lead bundle or ticket form -> desk.tickets -> messages, files -> desk.sla_events.

create table desk.ticket_types (
    ticket_type text primary key,
    -- Which statuses and arrows it has: `inquiry` or `general`.
    machine text not null constraint ticket_types_machine_check check (machine in ('inquiry', 'general')),
    id_prefix text not null,
    id_names_department boolean not null,
    position integer not null
);
alter table desk.ticket_types enable row level security;
comment on table desk.ticket_types is 'The four types, changed by migrations alone (spec: command_center §2.1, §2.2).';

create table desk.ticket_statuses (
    machine text not null,
    status text not null,
    is_initial boolean not null default false,
    is_terminal boolean not null default false,
    -- Whether we wait for the customer, so that no clock of ours runs.
    waits_for_customer boolean not null default false,
    position integer not null,
    constraint ticket_statuses_pkey primary key (machine, status)
);
alter table desk.ticket_statuses enable row level security;
comment on table desk.ticket_statuses is 'Statuses of each machine, changed by migrations alone (spec: command_center §2.5).';

create table desk.ticket_transitions (
    machine text not null,
    from_status text not null,
    to_status text not null,
    constraint ticket_transitions_pkey primary key (machine, from_status, to_status),
    constraint ticket_transitions_from_fkey foreign key (machine, from_status) references desk.ticket_statuses (machine, status)
        on delete cascade,
    constraint ticket_transitions_to_fkey foreign key (machine, to_status) references desk.ticket_statuses (machine, status)
        on delete cascade
);
create index ticket_transitions_to_idx on desk.ticket_transitions (machine, to_status);
alter table desk.ticket_transitions enable row level security;
comment on table desk.ticket_transitions is 'The arrows between statuses; a pair that is not here is refused (decisions D8, spec: command_center §2.5).';

create table desk.close_reasons (
    reason text primary key,
    -- Whether it says nothing without words of one's own after it.
    needs_words boolean not null default false,
    position integer not null
);
alter table desk.close_reasons enable row level security;
comment on table desk.close_reasons is 'Why an inquiry is lost, changed by migrations alone (spec: command_center §2.5).';
