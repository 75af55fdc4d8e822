-- Products that members play. Also the essay on module `members`.
--
-- Module `members` keeps true that a member's record is with one staff at most, that nobody is handed a customer whom
-- somebody else has reserved, and that an invalid record is replaced by exactly one other, in the same batch and of the
-- same product.
--
-- How: a database belongs to one product for good, a batch to one database and one staff, a record to one database.
-- Every key between them carries organisation, module and database, so the schema itself refuses a replacement from
-- elsewhere. members.assignments is the history: one row for each time a record was with somebody, a replacement pointing
-- to the assignment it replaces. Reserved is never a state of a record: it is asked of members.reservation_keys at the
-- moment it matters, under a lock that keeps reservations still.
--
-- Data flow: file -> ingest -> database + records (available) -> batch (assigned) -> validated | invalid -> archived and
-- replaced. Three modules (normal, member_wd, bonanza) share tables and functions, so that parity holds by construction.

create table members.products (
    org_id uuid not null constraint products_org_id_fkey references app.organizations (org_id),
    product_id bigint generated always as identity,
    name text not null constraint products_name_check check (name = btrim(name) and name <> '' and length(name) <= 100),
    name_key text not null generated always as (lower(name)) stored,
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint products_pkey primary key (org_id, product_id),
    constraint products_name_key unique (org_id, name_key),
    constraint products_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
alter table members.products enable row level security;
comment on table members.products is 'What members play; a name is there once, in any case of letters (spec: member §4, §5.1).';
