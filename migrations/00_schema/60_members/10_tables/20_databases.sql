-- Uploaded lists of members.

create table members.databases (
    org_id uuid not null,
    database_id bigint generated always as identity,
    module text not null constraint databases_module_check check (module in ('normal', 'member_wd', 'bonanza')),
    name text not null constraint databases_name_check check (btrim(name) <> '' and length(name) <= 255),
    description text constraint databases_description_check check (length(description) <= 1000),
    -- Null: nobody knows any more; such a database is listed under "Unknown".
    product_id bigint,
    file_name text not null,
    file_size bigint constraint databases_file_size_check check (file_size >= 0),
    import_id bigint,
    -- Columns of the file in their order, and which of them say who a member is: the import's mapping (spec: member §3.5).
    columns text[] not null,
    key_column text,
    name_column text,
    phone_column text,
    -- Normal databases: may requests be approved without anybody? Null: as the organisation's switch says (spec: member §5.2).
    auto_approve boolean constraint databases_auto_approve_check check (auto_approve is null or module = 'normal'),
    uploaded_by uuid,
    uploaded_at timestamptz not null default now(),
    -- It disappears at once; a job removes its rows in chunks (decisions §3).
    deleted_at timestamptz,
    deleted_by uuid,
    constraint databases_pkey primary key (org_id, database_id),
    constraint databases_module_key unique (org_id, module, database_id),
    constraint databases_import_key unique (org_id, import_id),
    constraint databases_product_fkey foreign key (org_id, product_id) references members.products (org_id, product_id),
    constraint databases_uploaded_by_fkey foreign key (org_id, uploaded_by) references app.profiles (org_id, user_id),
    constraint databases_deleted_by_fkey foreign key (org_id, deleted_by) references app.profiles (org_id, user_id),
    constraint databases_columns_check check (cardinality(columns) > 0)
);
create index databases_product_idx on members.databases (org_id, product_id, database_id);
create index databases_list_idx on members.databases (org_id, module, database_id desc) where deleted_at is null;
alter table members.databases enable row level security;
comment on table members.databases is
    'One uploaded list of members, of one product for good; the three record modules in one table (spec: member §4, decisions §1.7).';
