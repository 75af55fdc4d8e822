-- How many records of a database are in which state, without counting a million of them.

create table members.record_counts (
    org_id uuid not null,
    database_id bigint not null,
    -- A database has several rows, so that people who work on it at once do not wait for each other; add them up.
    slot smallint not null,
    available bigint not null default 0,
    requested bigint not null default 0,
    assigned bigint not null default 0,
    archived bigint not null default 0,
    conflicts bigint not null default 0,
    -- How often a record became available, or went while it was: tells whether the reserved among them were counted before or after.
    entered bigint not null default 0,
    constraint record_counts_pkey primary key (org_id, database_id, slot)
);
alter table members.record_counts enable row level security;
comment on table members.record_counts is 'Kept by trigger from members.records in the same transaction, hence exact; read by members.counts_of.';

create type members.count_change as (
    org_id uuid,
    database_id bigint,
    status text,
    conflict boolean,
    -- How many more; negative: fewer.
    rows bigint,
    entered bigint
);
comment on type members.count_change is 'What one statement changes of the counts of a database.';

create table members.reserved_counts (
    org_id uuid not null,
    database_id bigint not null,
    reservation_version bigint not null,
    entered bigint not null,
    reserved bigint not null,
    constraint reserved_counts_pkey primary key (org_id, database_id)
);
alter table members.reserved_counts enable row level security;
comment on table members.reserved_counts is
    'Remembers how many available records are reserved; holds while neither reservations nor arrivals have changed (assignments do not change it: no reserved record is assigned).';
