-- Assignments: each time a record was with a staff. The history, and what makes a replacement one for one.

create table members.assignments (
    org_id uuid not null,
    assignment_id bigint generated always as identity,
    module text not null,
    database_id bigint not null,
    batch_id bigint,
    record_id bigint not null,
    staff_id uuid not null,
    -- Null: the system, by auto-replace.
    assigned_by uuid,
    assigned_at timestamptz not null,
    ended_at timestamptz,
    outcome text constraint assignments_outcome_check check (outcome in ('archived', 'recalled', 'deleted')),
    -- Counts against the quota of its batch, also when what it replaced has been deleted since.
    is_replacement boolean not null default false,
    replaces_assignment_id bigint,
    -- The batch, or 0: one key tells replacements with batches and without.
    batch_no bigint not null generated always as (coalesce(batch_id, 0)) stored,
    -- True or null, so that a unique key counts the live ones alone.
    is_live boolean generated always as (case when ended_at is null then true end) stored,
    -- The target of replacements: organisation, module, database, staff and batch come along. The module, which the database
    -- says, stands last: words are dear to compare.
    constraint assignments_pkey primary key (org_id, database_id, staff_id, batch_no, assignment_id, module),
    -- A record is with one staff at a time. Nothing stands between organisation and record: a planner that knows nothing of the
    -- table yet must not take this for the primary key.
    constraint assignments_record_key unique (org_id, record_id, is_live),
    -- Of which record, in which batch: kept by a trigger of each statement (30_triggers/50_assignments.sql), as for records.
    -- 1 invalid = 1 replacement, same database (hence product) and staff, and, where there are batches, same batch.
    constraint assignments_replaces_fkey
        foreign key (org_id, database_id, staff_id, batch_no, replaces_assignment_id, module)
        references members.assignments (org_id, database_id, staff_id, batch_no, assignment_id, module),
    constraint assignments_replaces_check check (replaces_assignment_id is null or is_replacement),
    constraint assignments_ended_check check ((ended_at is null) = (outcome is null)),
    constraint assignments_module_check check (
        case module when 'member_wd' then batch_id is not null when 'bonanza' then batch_id is null else true end
    )
);
create unique index assignments_replaces_key
    on members.assignments (org_id, database_id, staff_id, batch_no, replaces_assignment_id, module)
    where replaces_assignment_id is not null;
alter table members.assignments enable row level security;
comment on table members.assignments is
    'Append-only but for its end: who had which record, in which batch, from when to when, and what it replaces (decisions §3, LD-14).';
