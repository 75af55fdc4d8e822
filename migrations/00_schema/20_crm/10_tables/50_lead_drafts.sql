-- What a lead is on its way from what was typed to its row: typed composites, so that a chunk of a file is one array.

create type crm.lead_draft as (
    -- The line of the file, or 1.
    row_no bigint,
    -- SHA-256 of what was typed, in comparable form; null for a single lead.
    row_hash bytea,
    company_name text,
    pic_name text,
    contact_phone text,
    email text,
    city_area text,
    service_code text,
    primary_channel text,
    npwp text,
    country text,
    route text,
    est_volume_value numeric,
    est_volume_unit text,
    timeline text,
    campaign_name text,
    notes text,
    lead_date date,
    sourced_by text,
    next_step text,
    due_date date,
    sales_owner_user_id uuid,
    npwp_key text,
    email_key text,
    phone_key text,
    company_key text,
    -- Of the lead's id, by its channel.
    id_prefix text
);
comment on type crm.lead_draft is 'A lead as crm.draft_leads read it: normalised, with defaults and keys (spec: command_center §3.1, §3.3).';

create type crm.lead_match as (
    row_no bigint,
    npwp_key text,
    email_key text,
    phone_key text,
    company_key text,
    -- The customer that was found, and by which key; null: none.
    customer_id text,
    customer_created_at timestamptz,
    matched_by text,
    strength integer,
    is_readable boolean,
    -- What writing the draft would change at that customer: its NPWP, a person new to it.
    offers_npwp boolean,
    brings_contact boolean
);
comment on type crm.lead_match is 'What the keys of a draft find at this moment (spec: command_center §3.1).';

create type crm.lead_place as (
    -- match: an existing customer; create: the first draft of a company unknown so far; wait: next round
    outcome text,
    customer_id text,
    matched_by text,
    is_readable boolean,
    takes_npwp boolean,
    prospect_id text,
    lead_id text
);
comment on type crm.lead_place is 'Where a draft belongs, its customer and prospect; kept in an array beside that of the drafts (spec: command_center §3.1, §3.2).';
