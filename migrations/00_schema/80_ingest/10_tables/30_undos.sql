-- Imports that are taken back: how far that has got, and what could not be taken back.

create table ingest.import_undos (
    org_id uuid not null,
    import_id bigint not null,
    -- Rows of the file up to this line have been looked at.
    row_no bigint not null default 0,
    -- … or, where several rows may be about one target, all targets up to this one.
    target_id text not null default '',
    removed_rows bigint not null default 0,
    restored_rows bigint not null default 0,
    refused_rows bigint not null default 0,
    begun_by uuid,
    begun_at timestamptz not null,
    finished_at timestamptz,
    constraint import_undos_pkey primary key (org_id, import_id),
    constraint import_undos_import_fkey foreign key (org_id, import_id) references ingest.imports (org_id, import_id)
);
alter table ingest.import_undos enable row level security;
comment on table ingest.import_undos is
    'One row for each import that is being or was undone; counts are rows of tables, not of the file (decisions §3, undo).';

create table ingest.undo_refusals (
    org_id uuid not null,
    refusal_id bigint generated always as identity,
    import_id bigint not null,
    -- What stays, and why: somebody has touched it since, or something hangs on it.
    target_table text not null,
    target_id text not null,
    reason text not null constraint undo_refusals_reason_check check (reason in ('changed', 'in_use')),
    -- The line of the file that made it, where it was one.
    row_no bigint,
    constraint undo_refusals_pkey primary key (org_id, refusal_id),
    constraint undo_refusals_target_key unique (org_id, import_id, target_table, target_id),
    constraint undo_refusals_undo_fkey foreign key (org_id, import_id) references ingest.import_undos (org_id, import_id)
);
alter table ingest.undo_refusals enable row level security;
comment on table ingest.undo_refusals is 'What an undo left alone, row by row (decisions §3, undo).';
