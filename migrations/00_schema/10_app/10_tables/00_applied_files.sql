-- app.applied_files: which file of migrations/ this database was built from, in which state, and what each file makes.
create table app.applied_files (
    path text not null,
    checksum text not null,
    kind text not null,
    stage text not null,
    objects jsonb not null default '[]'::jsonb,
    applied_at timestamptz not null default pg_catalog.now(),
    constraint applied_files_pkey primary key (path),
    constraint applied_files_kind_check check (
        kind in ('admin', 'keys', 'table', 'function', 'trigger', 'api', 'seed', 'grants', 'policies', 'view', 'test')
    ),
    constraint applied_files_objects_check check (pg_catalog.jsonb_typeof(objects) = 'array')
);

alter table app.applied_files enable row level security;

comment on table app.applied_files is 'What `pgcrm migrate` has applied: one row for each file under migrations/. Internal: no grants, no policy. Changed by migrate alone.';
comment on column app.applied_files.path is 'Path below migrations/, with forward slashes.';
comment on column app.applied_files.checksum is 'sha256 over the tokens of the file (comments and layout outside of function bodies do not count). Empty: to be applied again.';
comment on column app.applied_files.kind is 'What the folder says the file holds; decides whether migrate may apply it again.';
comment on column app.applied_files.objects is 'What the file makes, as `drop` would name it: ["function crm.f(text)", "policy leads_select on crm.leads"]. What no file makes any more is dropped.';
