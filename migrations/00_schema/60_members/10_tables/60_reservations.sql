-- Reservations: a customer whom one staff owns for one product.

create table members.reservations (
    org_id uuid not null,
    reservation_id bigint generated always as identity,
    product_id bigint not null,
    customer_id text not null constraint reservations_customer_id_check
        check (btrim(customer_id) <> '' and length(customer_id) <= 200),
    -- An older name of the same customer, kept from imports of the previous system; it matches as well (BF-9).
    customer_name text constraint reservations_customer_name_check check (length(customer_name) <= 200),
    phone_number text constraint reservations_phone_number_check check (length(phone_number) <= 100),
    staff_id uuid not null,
    status text not null constraint reservations_status_check check (status in ('pending', 'approved')),
    created_by uuid,
    created_at timestamptz not null default now(),
    -- Null where the system approved.
    approved_by uuid,
    approved_at timestamptz,
    -- Never expires (spec: member §5.6).
    is_permanent boolean not null default false,
    -- Of the newest approved deposit of this customer with this staff: kept by members.note_deposit and members.set_last_deposit.
    last_deposit_on date,
    -- Taken back from the archive: its grace begins anew.
    restored_on date,
    -- Came back by itself with a deposit.
    auto_reassigned_at timestamptz,
    -- The last day on which its owner was warned.
    warned_on date,
    constraint reservations_pkey primary key (org_id, reservation_id),
    constraint reservations_product_fkey foreign key (org_id, product_id) references members.products (org_id, product_id),
    constraint reservations_staff_fkey foreign key (org_id, staff_id) references app.profiles (org_id, user_id),
    constraint reservations_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id),
    constraint reservations_approved_by_fkey foreign key (org_id, approved_by) references app.profiles (org_id, user_id),
    constraint reservations_approved_check check ((status = 'approved') = (approved_at is not null))
);
create index reservations_product_idx on members.reservations (org_id, product_id, reservation_id desc);
create index reservations_staff_idx on members.reservations (org_id, staff_id, reservation_id desc);
create index reservations_status_idx on members.reservations (org_id, status, reservation_id desc);
alter table members.reservations enable row level security;
comment on table members.reservations is 'Live reservations, pending or approved (spec: member §5.6).';

create table members.reservation_keys (
    org_id uuid not null,
    product_id bigint not null,
    key text not null,
    reservation_id bigint not null,
    is_approved boolean not null,
    -- One customer is reserved once for a product, whichever of the names is compared.
    constraint reservation_keys_pkey primary key (org_id, product_id, key),
    constraint reservation_keys_reservation_fkey foreign key (org_id, reservation_id)
        references members.reservations (org_id, reservation_id) on delete cascade
);
create index reservation_keys_reservation_idx on members.reservation_keys (org_id, reservation_id);
create index reservation_keys_approved_idx on members.reservation_keys (org_id, key) where is_approved;
alter table members.reservation_keys enable row level security;
comment on table members.reservation_keys is
    'Both names of live reservations as records are compared with them; kept by trigger, and the unique rule (decisions §3).';

create table members.reservation_versions (
    org_id uuid not null,
    version bigint not null,
    constraint reservation_versions_pkey primary key (org_id)
);
alter table members.reservation_versions enable row level security;
comment on table members.reservation_versions is 'Counts changes of approved reservations: what was counted at another version is counted anew.';
