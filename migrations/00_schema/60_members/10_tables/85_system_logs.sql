-- What checks of the data have found and repairs have done.

create table members.system_logs (
    org_id uuid not null constraint system_logs_org_id_fkey references app.organizations (org_id),
    log_id bigint generated always as identity,
    type text not null constraint system_logs_type_check check (type in ('data_repair', 'proactive_health_check')),
    -- Ids and numbers.
    payload jsonb not null constraint system_logs_payload_check check (jsonb_typeof(payload) = 'object'),
    -- Null: by the clock.
    performed_by uuid,
    performed_at timestamptz not null,
    constraint system_logs_pkey primary key (org_id, log_id),
    constraint system_logs_performed_by_fkey foreign key (org_id, performed_by) references app.profiles (org_id, user_id)
);
create index system_logs_type_idx on members.system_logs (org_id, type, performed_at desc);
alter table members.system_logs enable row level security;
comment on table members.system_logs is 'Append-only (spec: member §4 system_logs, §5.23).';
