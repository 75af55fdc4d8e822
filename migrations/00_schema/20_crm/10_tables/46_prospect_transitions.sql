-- Which stage of a prospect may follow which: data that functions, triggers and screens read alike.

create table crm.prospect_transitions (
    from_stage text not null,
    to_stage text not null,
    constraint prospect_transitions_pkey primary key (from_stage, to_stage),
    constraint prospect_transitions_move_check check (from_stage <> to_stage)
);
alter table crm.prospect_transitions enable row level security;
comment on table crm.prospect_transitions is 'A pair that is not listed is refused, by functions and by direct update (spec: command_center §2.5).';
