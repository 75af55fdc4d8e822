-- Customers: one row for each company (or person) that business is done with.

create table crm.customers (
    -- That it exists is kept by statement, as other references to what thousands share (30_triggers/60_references.sql).
    org_id uuid not null,
    -- CUST + DDMMYY + number; this is also the customer code (decisions §1.3).
    customer_id text not null,
    company_name text not null
        constraint customers_company_name_check check (btrim(company_name) <> '' and length(company_name) <= 255),
    legal_name text constraint customers_legal_name_check check (length(legal_name) <= 255),
    -- The code a user's own books give the customer.
    external_code text constraint customers_external_code_check check (btrim(external_code) <> '' and length(external_code) <= 50),
    npwp text constraint customers_npwp_check check (length(npwp) <= 50),
    -- The company's own address and number; people's are in crm.contacts.
    email text constraint customers_email_check check (length(email) <= 255 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    phone text constraint customers_phone_check check (length(phone) <= 50),
    website text constraint customers_website_check check (length(website) <= 2000),
    address text constraint customers_address_check check (length(address) <= 1000),
    city text constraint customers_city_check check (length(city) <= 255),
    country text constraint customers_country_check check (length(country) <= 100),
    status text not null default 'prospect' constraint customers_status_check
        check (status in ('prospect', 'active', 'inactive', 'suspended', 'blacklisted')),
    customer_type text not null default 'business' constraint customers_customer_type_check
        check (customer_type in ('individual', 'business', 'government', 'non_profit')),
    size text constraint customers_size_check check (size in ('micro', 'small', 'medium', 'large', 'enterprise')),
    industry text constraint customers_industry_check check (length(industry) <= 100),
    registration_number text constraint customers_registration_number_check check (length(registration_number) <= 50),
    parent_customer_id text,
    credit_limit numeric(18, 2) constraint customers_credit_limit_check check (credit_limit >= 0),
    credit_hold boolean not null default false,
    credit_hold_reason text constraint customers_credit_hold_reason_length_check check (length(credit_hold_reason) <= 500),
    credit_hold_at timestamptz,
    health_score integer constraint customers_health_score_check check (health_score between 0 and 100),
    health_score_updated_at timestamptz,
    custom_fields jsonb not null default '{}'
        constraint customers_custom_fields_check check (jsonb_typeof(custom_fields) = 'object'),
    warranty_expiry_alert_opt_out boolean not null default false,
    external_ref text constraint customers_external_ref_check check (length(external_ref) <= 255),
    merged_into_id text,
    -- Whose it is: sales people through counting leads and prospects, and creators of counting leads.
    owner_ids uuid[] not null default '{}',
    creator_ids uuid[] not null default '{}',
    npwp_key text generated always as (crm.npwp_key(npwp)) stored,
    email_key text generated always as (crm.email_key(email)) stored,
    company_key text generated always as (crm.company_key(company_name)) stored,
    -- By trigger: it depends on the organisation's phone region.
    phone_key text,
    source_import_id bigint,
    version integer not null default 1,
    -- A stamp: no function takes it from a caller, no update changes it, and people are never removed. Here and in
    -- the tables below it has no foreign key, which would look the same person up for every row of a file.
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint customers_pkey primary key (org_id, customer_id),
    constraint customers_parent_fkey foreign key (org_id, parent_customer_id) references crm.customers (org_id, customer_id),
    constraint customers_parent_check check (parent_customer_id <> customer_id),
    constraint customers_merged_into_fkey foreign key (org_id, merged_into_id) references crm.customers (org_id, customer_id),
    constraint customers_merged_into_check check (merged_into_id <> customer_id),
    constraint customers_credit_hold_check check (not credit_hold or coalesce(btrim(credit_hold_reason), '') <> '')
);

-- Unique among live rows only: a deleted customer's code and number can be used again. E-mail addresses are not
-- unique: two firms of one owner share one (decisions §1.3, §5.12).
create unique index customers_npwp_key on crm.customers (org_id, npwp_key) where deleted_at is null;
create unique index customers_external_code_key on crm.customers (org_id, external_code)
    where deleted_at is null and external_code is not null;
-- Scopes own, team, created and pipeline are && on these (1.9 ms a page where deriving took 746).
create index customers_people_idx on crm.customers using gin (org_id, owner_ids, creator_ids);
create index customers_created_at_idx on crm.customers (org_id, created_at, customer_id);
create index customers_parent_idx on crm.customers (org_id, parent_customer_id) where parent_customer_id is not null;
create index customers_merged_into_idx on crm.customers (org_id, merged_into_id) where merged_into_id is not null;

alter table crm.customers enable row level security;
comment on table crm.customers is
    'One row per customer, columns of both specifications (spec: command_center §2.3, customers §1.1; decisions §1.3).';
comment on column crm.customers.owner_ids is
    'Kept by trigger from counting leads and prospects: people with a sales role whose customer this is (spec: command_center §1.2, decisions D1).';
comment on column crm.customers.creator_ids is 'Kept by trigger: creators of counting leads (decisions D9).';

create table crm.customer_keys (
    org_id uuid not null,
    kind text not null constraint customer_keys_kind_check check (kind in ('npwp', 'email', 'phone', 'company')),
    key text not null,
    customer_id text not null,
    -- No foreign key and no second unique rule for NPWPs: the rows are copies, made and removed by the triggers of the
    -- tables that have both, and four of them are written for every new customer.
    constraint customer_keys_pkey primary key (org_id, kind, key, customer_id)
);
alter table crm.customer_keys enable row level security;
comment on table crm.customer_keys is
    'What finds a customer again: comparable forms from customers and contacts of live customers, kept by triggers; only npwp is unique, by crm.customers (decisions §1.3).';
