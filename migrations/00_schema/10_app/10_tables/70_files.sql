-- Stored files: where the bytes are, and whose row decides who may have them.

create table app.files (
    org_id uuid not null,
    file_id bigint generated always as identity,
    bucket text not null,
    path text not null,
    file_name text not null constraint files_file_name_check check (btrim(file_name) <> '' and length(file_name) <= 255),
    mime_type text not null,
    size_bytes bigint not null constraint files_size_bytes_check check (size_bytes >= 0),
    sha256 text not null constraint files_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    -- The parent: exactly one of these, one column for each module that keeps files (its foreign key stands there).
    import_id bigint,
    evidence_id bigint,
    attachment_id bigint,
    photo_id bigint,
    document_id bigint,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    constraint files_pkey primary key (org_id, file_id),
    constraint files_path_key unique (org_id, bucket, path),
    constraint files_parent_check check (num_nonnulls(import_id, evidence_id, attachment_id, photo_id, document_id) = 1),
    constraint files_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index files_import_idx on app.files (org_id, import_id);
create index files_evidence_idx on app.files (org_id, evidence_id) where evidence_id is not null;
create index files_attachment_idx on app.files (org_id, attachment_id) where attachment_id is not null;
create index files_document_idx on app.files (org_id, document_id) where document_id is not null;
create index files_photo_idx on app.files (org_id, photo_id) where photo_id is not null;
alter table app.files enable row level security;
comment on table app.files is 'A file is served only to those who may see the row it belongs to.';
