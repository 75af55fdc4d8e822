-- Entries: what was reached, as told by a person or a file.

create table kpi.kpi_entries (
    org_id uuid not null,
    entry_id bigint generated always as identity,
    metric_key text not null constraint kpi_entries_metric_key_fkey references kpi.kpi_metric_definitions (metric_key),
    entry_date date not null,
    assignee_user_id uuid not null,
    value numeric(18, 4) not null constraint kpi_entries_value_check check (value >= 0),
    source text not null constraint kpi_entries_source_check check (source in ('MANUAL', 'IMPORTED')),
    notes text constraint kpi_entries_notes_check check (length(notes) <= 2000),
    source_import_id bigint,
    source_row_no bigint,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint kpi_entries_pkey primary key (org_id, entry_id),
    constraint kpi_entries_assignee_user_id_fkey foreign key (org_id, assignee_user_id) references app.profiles (org_id, user_id),
    constraint kpi_entries_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
-- A file that comes again changes its entries; it adds none (case 123).
create unique index kpi_entries_imported_key on kpi.kpi_entries (org_id, metric_key, entry_date, assignee_user_id)
    where source = 'IMPORTED';
create index kpi_entries_value_idx on kpi.kpi_entries (org_id, metric_key, assignee_user_id, entry_date);
create index kpi_entries_metric_idx on kpi.kpi_entries (org_id, metric_key, entry_id desc);
create index kpi_entries_assignee_idx on kpi.kpi_entries (org_id, assignee_user_id, entry_id desc);
create index kpi_entries_entry_date_idx on kpi.kpi_entries (org_id, entry_date, entry_id desc);
alter table kpi.kpi_entries enable row level security;
comment on table kpi.kpi_entries is
    'Values of MANUAL and IMPORTED metrics by day and person; one imported value per metric, day and person (spec: command_center §2.3).';
