-- Which status of a lead may follow which: data that functions, triggers and screens read alike.

create table crm.lead_transitions (
    from_status text not null,
    to_status text not null,
    -- From a closed lead back: a permission of its own.
    is_reopening boolean not null default false,
    constraint lead_transitions_pkey primary key (from_status, to_status),
    constraint lead_transitions_move_check check (from_status <> to_status)
);
alter table crm.lead_transitions enable row level security;
comment on table crm.lead_transitions is 'A pair that is not listed is refused, by functions and by direct update (spec: command_center §2.5, case 50).';
