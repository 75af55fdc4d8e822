-- Leads: what came in, from whom, through which channel, and who follows it up.

create table crm.leads (
    org_id uuid not null,
    lead_id text not null,
    lead_date date not null,
    company_name text not null constraint leads_company_name_check check (btrim(company_name) <> '' and length(company_name) <= 255),
    npwp text constraint leads_npwp_check check (length(npwp) <= 50),
    pic_name text not null constraint leads_pic_name_check check (btrim(pic_name) <> '' and length(pic_name) <= 255),
    contact_phone text not null constraint leads_contact_phone_check check (btrim(contact_phone) <> '' and length(contact_phone) <= 50),
    email text not null constraint leads_email_check check (btrim(email) <> '' and length(email) <= 255),
    city_area text not null constraint leads_city_area_check check (btrim(city_area) <> '' and length(city_area) <= 255),
    country text constraint leads_country_check check (length(country) <= 100),
    service_code text not null,
    route text constraint leads_route_check check (length(route) <= 500),
    est_volume_value numeric constraint leads_est_volume_value_check check (est_volume_value >= 0),
    est_volume_unit text constraint leads_est_volume_unit_check check (length(est_volume_unit) <= 50),
    timeline text constraint leads_timeline_check check (length(timeline) <= 100),
    sourced_by text not null constraint leads_sourced_by_check check (sourced_by in ('Marketing', 'Sales')),
    primary_channel text not null,
    campaign_name text constraint leads_campaign_name_check check (length(campaign_name) <= 255),
    notes text constraint leads_notes_check check (length(notes) <= 5000),
    status text not null default 'New' constraint leads_status_check check (
        status in ('New', 'Contacted', 'Qualified', 'Proposal', 'Negotiation', 'Closed Won', 'Closed Lost', 'Disqualified')
    ),
    next_step text not null constraint leads_next_step_check
        check (next_step in ('Call', 'Email', 'Visit', 'Online Meeting', 'Send Proposal', 'Follow Up')),
    due_date date not null,
    sales_owner_user_id uuid,
    assigned_at timestamptz,
    -- A stamp, as created_by: see crm.customers.
    assigned_by uuid,
    status_changed_at timestamptz,
    closed_at timestamptz,
    -- Not null: a lead without customer or prospect cannot exist.
    customer_id text not null,
    prospect_id text not null,
    -- False: it matched a customer its creator could not read, and gives nobody access (decisions D1, §5.1).
    counts boolean not null default true,
    source_import_id bigint,
    source_row_no bigint,
    -- Stamps, as in crm.customers.
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint leads_pkey primary key (org_id, lead_id),
    -- The second guard of retries: a row of a file makes one lead at most.
    -- What a lead refers to, prospect and customer too, is kept by statement: 30_triggers/60_references.sql.
    constraint leads_source_row_key unique (org_id, source_import_id, source_row_no)
);

-- Lists page by (created_at, lead_id); each filter that selects few rows has its own order.
create index leads_created_at_idx on crm.leads (org_id, created_at, lead_id);
-- Whoever looks for what nobody owns looks among what somebody made.
create index leads_sales_owner_idx on crm.leads (org_id, sales_owner_user_id, created_at, lead_id)
    where sales_owner_user_id is not null;
create index leads_created_by_idx on crm.leads (org_id, created_by, created_at, lead_id);
create index leads_primary_channel_idx on crm.leads (org_id, primary_channel, created_at, lead_id);
create index leads_service_idx on crm.leads (org_id, service_code, created_at, lead_id);
create index leads_lead_date_idx on crm.leads (org_id, lead_date);
-- Of a prospect too: its leads are its customer's.
create index leads_customer_idx on crm.leads (org_id, customer_id, created_at, lead_id);

alter table crm.leads enable row level security;
comment on table crm.leads is 'Leads with what was typed; always linked to customer and prospect (spec: command_center §2.3, §3.3).';
