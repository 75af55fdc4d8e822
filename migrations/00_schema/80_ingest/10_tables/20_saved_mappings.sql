-- Which column of a file is which of ours, as a person settled it for files with that header.

create table ingest.saved_mappings (
    org_id uuid not null,
    user_id uuid not null,
    module text not null constraint saved_mappings_module_fkey references ingest.import_modules (module),
    -- SHA-256 of the names in the header, whatever their order.
    header_key bytea not null constraint saved_mappings_header_key_check check (octet_length(header_key) = 32),
    -- Every name of the header: our column, or null for one that is ignored.
    mapping jsonb not null constraint saved_mappings_mapping_check check (jsonb_typeof(mapping) = 'object'),
    saved_at timestamptz not null default now(),
    constraint saved_mappings_pkey primary key (org_id, user_id, module, header_key),
    constraint saved_mappings_user_fkey foreign key (org_id, user_id)
        references app.profiles (org_id, user_id) on delete cascade
);
create index saved_mappings_module_idx on ingest.saved_mappings (org_id, module);
alter table ingest.saved_mappings enable row level security;
comment on table ingest.saved_mappings is
    'Mappings that a person keeps, applied to the next file of that module with the same header (design §7).';
