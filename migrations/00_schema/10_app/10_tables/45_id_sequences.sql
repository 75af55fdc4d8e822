-- Counters of readable ids: one row for each organisation, prefix and day.

create table app.id_sequences (
    org_id uuid not null,
    prefix text not null,
    date_part text not null,
    last_seq bigint not null default 0 constraint id_sequences_last_seq_check check (last_seq >= 0),
    constraint id_sequences_pkey primary key (org_id, prefix, date_part)
);
alter table app.id_sequences enable row level security;
comment on table app.id_sequences is
    'The last number given out. Its row lock is taken last in every transaction (design §3). Nobody but the owner can touch it (pitfall P6).';
