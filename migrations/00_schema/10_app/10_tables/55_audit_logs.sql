-- Who changed what, when: written by triggers only, read through api.audit_logs.

create table app.audit_logs (
    org_id uuid not null,
    audit_id bigint generated always as identity,
    table_name text not null,
    record_id text not null,
    action text not null,
    -- Null: the system. No foreign key: the trace outlives the person.
    changed_by uuid,
    changed_at timestamptz not null default now(),
    changed_fields text[],
    -- On an update only the fields that changed; on insert and delete the whole row.
    before_data jsonb,
    after_data jsonb,
    import_id bigint,
    request_id text,
    ip_address inet,
    user_agent text,
    constraint audit_logs_pkey primary key (org_id, audit_id)
);
-- Ids hardly ever meet across tables, so that the table's name would only make every entry longer.
create index audit_logs_record_idx on app.audit_logs (org_id, record_id);
-- Appended in the order of time, and what one import did lies together: a range of blocks finds both, and costs
-- nothing to keep. The latest entries are those with the highest audit_id.
create index audit_logs_time_idx on app.audit_logs using brin (org_id, changed_at, import_id) with (autosummarize = on);
-- Whom a customer lost: their names stand in what was written before (pitfall P13).
create index audit_logs_deleted_contacts_idx on app.audit_logs (org_id, (before_data ->> 'customer_id'))
    where table_name = 'crm.contacts' and action = 'DELETE';
alter table app.audit_logs enable row level security;
comment on table app.audit_logs is 'Append-only. No role has any privilege on it (spec: command_center §3.5, decisions §5.2).';
