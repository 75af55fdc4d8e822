-- Grace of reservations where a product has its own.

create table members.reservation_grace (
    org_id uuid not null,
    product_id bigint not null,
    grace_days integer not null constraint reservation_grace_days_check check (grace_days between 1 and 365),
    constraint reservation_grace_pkey primary key (org_id, product_id),
    constraint reservation_grace_product_fkey foreign key (org_id, product_id)
        references members.products (org_id, product_id) on delete cascade
);
alter table members.reservation_grace enable row level security;
comment on table members.reservation_grace is
    'Days a reservation of this product lives without a deposit, instead of the setting reservation_grace_days (spec: member §4, §5.6).';
