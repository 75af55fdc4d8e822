-- What the audit trail says of a new row as files make them: the columns of its table that they fill, in its order.

create type crm.customer_image as (
    org_id uuid,
    customer_id text,
    company_name text,
    npwp text,
    city text,
    country text,
    status text,
    customer_type text,
    credit_hold boolean,
    custom_fields jsonb,
    warranty_expiry_alert_opt_out boolean,
    source_import_id bigint,
    created_by uuid,
    created_at timestamptz
);
comment on type crm.customer_image is 'For crm.audit_new_customers: columns of crm.customers.';

create type crm.contact_image as (
    org_id uuid,
    contact_id bigint,
    customer_id text,
    full_name text,
    email text,
    phone text,
    is_primary boolean,
    decision_maker boolean,
    influencer boolean,
    email_opt_in boolean,
    sms_opt_in boolean,
    created_by uuid,
    created_at timestamptz
);
comment on type crm.contact_image is 'For crm.audit_new_contacts: columns of crm.contacts.';

create type crm.lead_image as (
    org_id uuid,
    lead_id text,
    lead_date date,
    company_name text,
    npwp text,
    pic_name text,
    contact_phone text,
    email text,
    city_area text,
    service_code text,
    sourced_by text,
    primary_channel text,
    campaign_name text,
    notes text,
    status text,
    next_step text,
    due_date date,
    status_changed_at timestamptz,
    customer_id text,
    prospect_id text,
    counts boolean,
    source_import_id bigint,
    source_row_no bigint,
    created_by uuid,
    created_at timestamptz
);
comment on type crm.lead_image is 'For crm.audit_new_leads: columns of crm.leads.';
