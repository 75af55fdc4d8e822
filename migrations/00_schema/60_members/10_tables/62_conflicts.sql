-- Conflicts: a customer was reserved while somebody else had a record of it. The log, and what the flag of a record stands for.

create table members.conflicts (
    org_id uuid not null,
    conflict_id bigint generated always as identity,
    record_id bigint not null,
    module text not null,
    database_id bigint not null,
    -- As they were called then: the log outlives records, databases and reservations.
    database_name text not null,
    product_id bigint not null,
    reservation_id bigint not null,
    customer_id text not null,
    affected_staff_id uuid not null,
    reserved_by_staff_id uuid not null,
    invalidated_at timestamptz not null,
    -- Null: the system.
    invalidated_by uuid,
    restored_at timestamptz,
    restored_reason text constraint conflicts_restored_reason_check check (
        restored_reason in (
            'reservation_deleted', 'reservation_expired', 'reservation_moved', 'recalled', 'archived', 'record_deleted'
        )
    ),
    constraint conflicts_pkey primary key (org_id, conflict_id),
    constraint conflicts_product_fkey foreign key (org_id, product_id) references members.products (org_id, product_id),
    constraint conflicts_affected_staff_fkey foreign key (org_id, affected_staff_id) references app.profiles (org_id, user_id),
    constraint conflicts_reserved_by_staff_fkey foreign key (org_id, reserved_by_staff_id)
        references app.profiles (org_id, user_id),
    constraint conflicts_invalidated_by_fkey foreign key (org_id, invalidated_by) references app.profiles (org_id, user_id),
    constraint conflicts_restored_check check ((restored_at is null) = (restored_reason is null))
);
create unique index conflicts_open_key on members.conflicts (org_id, record_id, reservation_id) where restored_at is null;
create index conflicts_reservation_idx on members.conflicts (org_id, reservation_id) where restored_at is null;
create index conflicts_list_idx on members.conflicts (org_id, invalidated_at desc, conflict_id desc);
create index conflicts_affected_idx on members.conflicts (org_id, affected_staff_id, invalidated_at desc, conflict_id desc);
create index conflicts_reserved_by_idx on members.conflicts (org_id, reserved_by_staff_id);
create index conflicts_product_idx on members.conflicts (org_id, product_id);
alter table members.conflicts enable row level security;
comment on table members.conflicts is
    'Append-only but for its end. A record is flagged while one of its conflicts is open (spec: member §5.7).';
