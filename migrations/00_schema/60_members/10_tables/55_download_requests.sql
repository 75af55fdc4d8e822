-- Requests: a staff asks for a number of records of a normal database.

create table members.download_requests (
    org_id uuid not null,
    request_id bigint generated always as identity,
    module text not null default 'normal' constraint download_requests_module_check check (module = 'normal'),
    database_id bigint not null,
    staff_id uuid not null,
    -- What was picked for it, from the moment of the request; which of them are still with it is records.request_id (BF-7).
    record_ids bigint[] not null constraint download_requests_record_ids_check check (cardinality(record_ids) > 0),
    record_count integer not null generated always as (cardinality(record_ids)) stored,
    -- Records that were passed by because somebody has reserved the member.
    skipped_reserved_count bigint not null default 0
        constraint download_requests_skipped_reserved_count_check check (skipped_reserved_count >= 0),
    -- Of its own records, those that somebody reserved between request and approval: not handed out.
    withheld_count integer not null default 0,
    status text not null default 'pending' constraint download_requests_status_check check (status in ('pending', 'approved', 'rejected')),
    requested_at timestamptz not null,
    -- Null: the system, by auto-approval.
    reviewed_by uuid,
    reviewed_at timestamptz,
    is_auto_approved boolean not null default false,
    batch_id bigint,
    constraint download_requests_pkey primary key (org_id, request_id),
    constraint download_requests_database_fkey foreign key (org_id, module, database_id)
        references members.databases (org_id, module, database_id),
    constraint download_requests_staff_fkey foreign key (org_id, staff_id) references app.profiles (org_id, user_id),
    constraint download_requests_reviewed_by_fkey foreign key (org_id, reviewed_by) references app.profiles (org_id, user_id),
    -- Of the same database and staff.
    constraint download_requests_batch_fkey foreign key (org_id, module, database_id, batch_id, staff_id)
        references members.batches (org_id, module, database_id, batch_id, staff_id),
    constraint download_requests_batch_key unique (org_id, batch_id),
    constraint download_requests_reviewed_check check ((status = 'pending') = (reviewed_at is null)),
    constraint download_requests_auto_approved_check check (not is_auto_approved or (status = 'approved' and reviewed_by is null)),
    constraint download_requests_withheld_count_check check (
        withheld_count between 0 and cardinality(record_ids) and (withheld_count = 0 or status = 'approved')
    ),
    -- One batch for each approved request of which anything was left.
    constraint download_requests_batch_check check (
        (batch_id is not null) = (status = 'approved' and withheld_count < cardinality(record_ids))
    )
);
create index download_requests_staff_idx on members.download_requests (org_id, staff_id, request_id desc);
create index download_requests_status_idx on members.download_requests (org_id, status, request_id desc);
create index download_requests_database_idx on members.download_requests (org_id, module, database_id, batch_id, staff_id);
create index download_requests_reviewed_by_idx on members.download_requests (org_id, reviewed_by);
alter table members.download_requests enable row level security;
comment on table members.download_requests is
    'Requests for records of normal databases: pending -> approved (a batch) or rejected, once (spec: member §5.2, §7; decisions §1.7).';
