-- Batches: what one staff was given of one database, shown as a card.

create table members.batches (
    org_id uuid not null,
    batch_id bigint generated always as identity,
    module text not null,
    database_id bigint not null,
    staff_id uuid not null,
    custom_name text constraint batches_custom_name_check check (btrim(custom_name) <> '' and length(custom_name) <= 100),
    -- Stands before the others where its staff looks at them.
    is_pinned boolean not null default false,
    -- As it was handed out, with what was added to it by hand; how many are left is counted, never stored.
    initial_count integer not null constraint batches_initial_count_check check (initial_count > 0),
    created_by uuid,
    -- Equal to assigned_at of its first records.
    created_at timestamptz not null,
    -- Recalled to the last record: nobody sees it any more, archived records still say where they were (LD-15).
    closed_at timestamptz,
    constraint batches_pkey primary key (org_id, batch_id),
    constraint batches_staff_key unique (org_id, module, database_id, batch_id, staff_id),
    constraint batches_database_fkey foreign key (org_id, module, database_id)
        references members.databases (org_id, module, database_id),
    constraint batches_staff_fkey foreign key (org_id, staff_id) references app.profiles (org_id, user_id),
    constraint batches_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index batches_staff_idx on members.batches (org_id, staff_id, module, batch_id desc) where closed_at is null;
alter table members.batches enable row level security;
comment on table members.batches is 'Records of one database handed to one staff at once (spec: member §4, §5.10; LD-12).';
