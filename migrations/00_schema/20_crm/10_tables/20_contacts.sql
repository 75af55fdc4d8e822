-- Contacts: the people at a customer; one of them primary.

create table crm.contacts (
    org_id uuid not null,
    contact_id bigint generated always as identity,
    customer_id text not null,
    -- A person has one name often enough (decisions §5.6).
    full_name text not null constraint contacts_full_name_check check (btrim(full_name) <> '' and length(full_name) <= 255),
    first_name text constraint contacts_first_name_check check (length(first_name) <= 100),
    last_name text constraint contacts_last_name_check check (length(last_name) <= 100),
    title text constraint contacts_title_check check (length(title) <= 100),
    department text constraint contacts_department_check check (length(department) <= 100),
    email text constraint contacts_email_check check (length(email) <= 255 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    phone text constraint contacts_phone_check check (length(phone) <= 50),
    mobile text constraint contacts_mobile_check check (length(mobile) <= 50),
    is_primary boolean not null default false,
    decision_maker boolean not null default false,
    influencer boolean not null default false,
    email_opt_in boolean not null default true,
    sms_opt_in boolean not null default false,
    email_opt_in_at timestamptz,
    sms_opt_in_at timestamptz,
    last_contacted_at timestamptz,
    notes text constraint contacts_notes_check check (length(notes) <= 2000),
    email_key text generated always as (crm.email_key(email)) stored,
    phone_key text,
    mobile_key text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- The customer is kept by statement: 30_triggers/61_references_to_customers.sql.
    constraint contacts_pkey primary key (org_id, contact_id)
);
create index contacts_customer_idx on crm.contacts (org_id, customer_id, contact_id);
create unique index contacts_primary_key on crm.contacts (org_id, customer_id) where is_primary;
alter table crm.contacts enable row level security;
comment on table crm.contacts is 'People at a customer; a new customer''s PIC is its primary contact (spec: customers §1.2, decisions §1.3).';
