-- Rows of the previous system as it left them, until they are brought in. What was damaged there is mended here, beside what it said.

create table members.legacy_databases (
    org_id uuid not null constraint legacy_databases_org_id_fkey references app.organizations (org_id),
    -- The previous system tells databases by name.
    legacy_id text not null,
    product_name text,
    -- Ours, once it is brought in.
    database_id bigint,
    constraint legacy_databases_pkey primary key (org_id, legacy_id),
    constraint legacy_databases_database_fkey foreign key (org_id, database_id) references members.databases (org_id, database_id)
);
create index legacy_databases_database_idx on members.legacy_databases (org_id, database_id) where database_id is not null;
alter table members.legacy_databases enable row level security;
comment on table members.legacy_databases is 'Member WD databases of the previous system, by name (spec: member §5.11).';

create table members.legacy_batches (
    org_id uuid not null constraint legacy_batches_org_id_fkey references app.organizations (org_id),
    legacy_id text not null,
    -- E-mail.
    staff text,
    database_name text,
    created_at timestamptz,
    initial_count integer,
    current_count integer,
    -- As the repair has counted it.
    repaired_count integer,
    batch_id bigint,
    constraint legacy_batches_pkey primary key (org_id, legacy_id),
    constraint legacy_batches_batch_fkey foreign key (org_id, batch_id) references members.batches (org_id, batch_id)
);
create index legacy_batches_batch_idx on members.legacy_batches (org_id, batch_id) where batch_id is not null;
alter table members.legacy_batches enable row level security;
comment on table members.legacy_batches is 'Batches of the previous system: its counts were stored, and wrong (spec: member §5.11).';

create table members.legacy_records (
    org_id uuid not null constraint legacy_records_org_id_fkey references app.organizations (org_id),
    legacy_id text not null,
    database_name text,
    product_name text,
    row_data jsonb not null,
    batch text,
    -- E-mail.
    staff text,
    assigned_at timestamptz,
    status text,
    validation_status text,
    validation_reason text,
    validated_at timestamptz,
    auto_replaced boolean not null default false,
    replaced_invalid_ids text[] not null default '{}',
    archived_at timestamptz,
    repaired_batch text,
    -- The method by which its batch was found.
    repaired_by text,
    record_id bigint,
    refused_reason text,
    constraint legacy_records_pkey primary key (org_id, legacy_id)
);
create index legacy_records_open_idx on members.legacy_records (org_id, legacy_id) where record_id is null;
alter table members.legacy_records enable row level security;
comment on table members.legacy_records is
    'Member WD records of the previous system. record_id: ours, once brought in; else refused_reason says why not (spec: member §5.11).';

create table members.legacy_reservations (
    org_id uuid not null constraint legacy_reservations_org_id_fkey references app.organizations (org_id),
    legacy_id text not null,
    customer_id text,
    customer_name text,
    phone_number text,
    product_name text,
    -- E-mail.
    staff text,
    status text,
    is_permanent boolean not null default false,
    created_at timestamptz,
    approved_at timestamptz,
    last_omset_date date,
    -- No key: it may end here while the row of the previous system stays brought in.
    reservation_id bigint,
    refused_reason text,
    constraint legacy_reservations_pkey primary key (org_id, legacy_id)
);
alter table members.legacy_reservations enable row level security;
comment on table members.legacy_reservations is 'Reservations of the previous system (spec: member §4, §5.6).';
