-- The archive of reservations: those that were approved and are over.

create table members.deleted_reservations (
    org_id uuid not null,
    deleted_id bigint generated always as identity,
    product_id bigint not null,
    customer_id text not null,
    customer_name text,
    phone_number text,
    staff_id uuid not null,
    created_by uuid,
    created_at timestamptz not null,
    approved_by uuid,
    approved_at timestamptz not null,
    is_permanent boolean not null,
    last_deposit_on date,
    deleted_at timestamptz not null,
    -- Null: the system.
    deleted_by uuid,
    deleted_reason text not null constraint deleted_reservations_reason_check
        check (deleted_reason in ('admin_manual_delete', 'no_deposit', 'no_omset_grace_period')),
    -- Of those that expired.
    grace_days_used integer,
    days_since_last_deposit integer,
    customer_key text not null generated always as (members.match_key(customer_id)) stored,
    constraint deleted_reservations_pkey primary key (org_id, deleted_id),
    -- Deleted twice around a new reservation is there once (BF-40).
    constraint deleted_reservations_customer_key unique (org_id, product_id, staff_id, customer_key),
    constraint deleted_reservations_product_fkey foreign key (org_id, product_id) references members.products (org_id, product_id),
    constraint deleted_reservations_staff_fkey foreign key (org_id, staff_id) references app.profiles (org_id, user_id),
    constraint deleted_reservations_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id),
    constraint deleted_reservations_approved_by_fkey foreign key (org_id, approved_by) references app.profiles (org_id, user_id),
    constraint deleted_reservations_deleted_by_fkey foreign key (org_id, deleted_by) references app.profiles (org_id, user_id),
    constraint deleted_reservations_grace_check check ((deleted_reason = 'admin_manual_delete') = (grace_days_used is null))
);
create index deleted_reservations_staff_idx on members.deleted_reservations (org_id, staff_id, deleted_id desc);
alter table members.deleted_reservations enable row level security;
comment on table members.deleted_reservations is
    'One row for each customer, staff and product whose reservation was deleted or expired, until it is reserved for that staff again (spec: member §4, §5.6).';
