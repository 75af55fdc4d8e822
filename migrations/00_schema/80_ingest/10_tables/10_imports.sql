-- Imports: files that came in. Also the essay on module `ingest`.
--
-- Module `ingest` keeps true that no row of a file is lost: every row is staged as it stands in the file before
-- anything is made of it, ends in exactly one state with its reasons, and a file is taken once.
--
-- Data flow: upload -> import (staging) + file -> rows (pending) -> process_import_<module>, chunk by chunk ->
-- rows (success, error, skipped, duplicate) -> import closed; its counts add up by constraint.

create table ingest.import_modules (
    module text primary key constraint import_modules_module_check check (module ~ '^[a-z_]+$'),
    position integer not null,
    -- Rows are kept whole whatever their columns are called: no column is unknown, and none can be missing.
    takes_any_column boolean not null default false,
    -- The kinds of files, as app.files.mime_type.
    mime_types text[] not null
        default '{text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet}'
);
alter table ingest.import_modules enable row level security;
comment on table ingest.import_modules is 'What can be imported; who may is app.role_permissions, resource imports.<module> (decisions §1.8).';

create table ingest.import_columns (
    module text not null constraint import_columns_module_fkey references ingest.import_modules (module),
    column_name text not null,
    is_required boolean not null,
    position integer not null,
    -- Digits whose leading zeros and length count. A spreadsheet that holds such a cell as a number has lost them.
    is_digits boolean not null default false,
    constraint import_columns_pkey primary key (module, column_name)
);
alter table ingest.import_columns enable row level security;
comment on table ingest.import_columns is 'The columns a module understands (spec: command_center §3.7).';

create table ingest.column_synonyms (
    module text not null,
    -- As ingest.fold_name writes a header.
    synonym text not null constraint column_synonyms_synonym_check check (synonym ~ '^[[:alnum:]]+(_[[:alnum:]]+)*$'),
    column_name text not null,
    constraint column_synonyms_pkey primary key (module, synonym),
    constraint column_synonyms_column_fkey foreign key (module, column_name)
        references ingest.import_columns (module, column_name) on delete cascade
);
create index column_synonyms_column_idx on ingest.column_synonyms (module, column_name);
alter table ingest.column_synonyms enable row level security;
comment on table ingest.column_synonyms is
    'What else a column is called at the head of a file, English and Indonesian (spec: command_center §3.7, design §7).';

create table ingest.imports (
    org_id uuid not null constraint imports_org_id_fkey references app.organizations (org_id),
    import_id bigint generated always as identity,
    module text not null constraint imports_module_fkey references ingest.import_modules (module),
    file_name text not null,
    file_sha256 text not null constraint imports_file_sha256_check check (file_sha256 ~ '^[0-9a-f]{64}$'),
    -- The header as it stands in the file, and which of its columns is which of ours.
    header text[] not null,
    mapping jsonb not null default '{}' constraint imports_mapping_check check (jsonb_typeof(mapping) = 'object'),
    -- Names in the header under which a cell that a spreadsheet holds as a number is an error.
    digit_columns text[] not null default '{}',
    -- What the module must be told beside the rows, checked by ingest.check_options.
    options jsonb not null default '{}' constraint imports_options_check check (jsonb_typeof(options) = 'object'),
    -- Where the rows go, as far as the options say: the same file for another product is another import.
    target_key text not null default '',
    -- How the file was read.
    encoding text constraint imports_encoding_check check (length(encoding) <= 40),
    delimiter text constraint imports_delimiter_check check (length(delimiter) = 1),
    sheet text constraint imports_sheet_check check (length(sheet) <= 255),
    status text not null default 'staging' constraint imports_status_check
        check (status in ('staging', 'uploaded', 'processing', 'completed', 'failed')),
    total_rows bigint,
    -- Rows that are staged: it grows with each batch, and in the end is total_rows.
    staged_rows bigint not null default 0,
    success_rows bigint not null default 0,
    error_rows bigint not null default 0,
    skipped_rows bigint not null default 0,
    duplicate_rows bigint not null default 0,
    -- How often it was begun: 1, and one more for each retry.
    attempt integer not null default 1,
    last_error text,
    uploaded_by uuid not null,
    uploaded_at timestamptz not null default now(),
    processed_at timestamptz,
    undone_at timestamptz,
    constraint imports_pkey primary key (org_id, import_id),
    constraint imports_uploaded_by_fkey foreign key (org_id, uploaded_by) references app.profiles (org_id, user_id),
    constraint imports_total_rows_check check (status = 'staging' or total_rows is not null),
    constraint imports_staged_rows_check check (staged_rows >= 0),
    -- Nothing lost: a closed import accounts for every row.
    constraint imports_conservation_check check (
        status not in ('completed', 'failed')
        or total_rows = success_rows + error_rows + skipped_rows + duplicate_rows
    )
);
-- The same file by the same person is the same import, unless that one failed or was undone.
create unique index imports_file_key on ingest.imports (org_id, module, file_sha256, uploaded_by, target_key)
    where status <> 'failed' and undone_at is null;
create index imports_uploaded_by_idx on ingest.imports (org_id, uploaded_by, import_id desc);
create index imports_module_idx on ingest.imports (org_id, module, import_id desc);
create index imports_status_idx on ingest.imports (org_id, status, import_id desc);
alter table ingest.imports enable row level security;
comment on table ingest.imports is 'One file that was uploaded, and how far it has got (spec: command_center §2.3, decisions §5.10).';

create table ingest.import_rows (
    org_id uuid not null,
    import_id bigint not null,
    -- The line of the file where the row begins.
    row_no bigint not null constraint import_rows_row_no_check check (row_no > 0),
    -- Header text to cell text, exactly as in the file.
    row_data jsonb not null,
    status text not null default 'pending' constraint import_rows_status_check
        check (status in ('pending', 'success', 'error', 'skipped', 'duplicate')),
    -- [{field, code, message}], the reasons of error, skipped and duplicate.
    errors jsonb constraint import_rows_errors_check check (jsonb_typeof(errors) = 'array'),
    -- SHA-256 of the normalised row: finds the same row in this file and in earlier ones.
    row_hash bytea constraint import_rows_row_hash_check check (octet_length(row_hash) = 32),
    -- A fault of the file itself (a cell too many, NUL …): no retry can mend it.
    is_unreadable boolean not null default false,
    target_table text,
    target_id text,
    processed_at timestamptz,
    -- That the import exists is kept by a trigger of each statement (30_triggers/20_import_rows.sql): a foreign key looks it
    -- up and locks it for every row, which took as long as staging itself.
    constraint import_rows_pkey primary key (org_id, import_id, row_no),
    constraint import_rows_reason_check check (status in ('pending', 'success') or errors is not null)
);
-- What is left to do, and what went wrong; a row that succeeded, as nearly all do, is found by its number.
create index import_rows_pending_idx on ingest.import_rows (org_id, import_id, row_no) where status = 'pending';
create index import_rows_reason_idx on ingest.import_rows (org_id, import_id, status, row_no)
    where status in ('error', 'skipped', 'duplicate');
create index import_rows_hash_idx on ingest.import_rows (org_id, row_hash, import_id, row_no) where row_hash is not null;
alter table ingest.import_rows enable row level security;
comment on table ingest.import_rows is 'Every row of every file, and what became of it (spec: command_center §2.3, design §7).';

alter table app.files
    add constraint files_import_fkey foreign key (org_id, import_id)
        references ingest.imports (org_id, import_id) on delete cascade;
