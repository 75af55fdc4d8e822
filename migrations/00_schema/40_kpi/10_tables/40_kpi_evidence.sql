-- Evidence: files that show a value to be true.

create table kpi.kpi_evidence (
    org_id uuid not null,
    evidence_id bigint generated always as identity,
    metric_key text not null constraint kpi_evidence_metric_key_fkey references kpi.kpi_metric_definitions (metric_key),
    -- Whose achievement it shows; the file stands under that person's folder.
    user_id uuid not null,
    target_id bigint,
    entry_id bigint,
    notes text constraint kpi_evidence_notes_check check (length(notes) <= 2000),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    constraint kpi_evidence_pkey primary key (org_id, evidence_id),
    constraint kpi_evidence_user_id_fkey foreign key (org_id, user_id) references app.profiles (org_id, user_id),
    constraint kpi_evidence_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id),
    constraint kpi_evidence_target_fkey foreign key (org_id, target_id) references kpi.kpi_targets (org_id, target_id),
    constraint kpi_evidence_entry_fkey foreign key (org_id, entry_id) references kpi.kpi_entries (org_id, entry_id)
);
create index kpi_evidence_metric_idx on kpi.kpi_evidence (org_id, metric_key, evidence_id desc);
create index kpi_evidence_user_idx on kpi.kpi_evidence (org_id, user_id, evidence_id desc);
create index kpi_evidence_target_idx on kpi.kpi_evidence (org_id, target_id) where target_id is not null;
create index kpi_evidence_entry_idx on kpi.kpi_evidence (org_id, entry_id) where entry_id is not null;
alter table kpi.kpi_evidence enable row level security;
comment on table kpi.kpi_evidence is 'Evidence of what was reached; its file is in app.files, bucket kpi-evidence (spec: command_center §2.3, §5.3).';

alter table app.files
    add constraint files_evidence_fkey foreign key (org_id, evidence_id)
        references kpi.kpi_evidence (org_id, evidence_id) on delete cascade;
