-- Activities: what somebody did, or is going to do, for a customer; one table for sales and for the timeline.

create table crm.activities (
    org_id uuid not null,
    activity_id bigint generated always as identity,
    activity_type text not null constraint activities_activity_type_check check (
        activity_type in (
            'visit', 'call', 'online_meeting', 'email', 'whatsapp', 'meeting', 'note', 'quote', 'order', 'complaint',
            'feedback', 'website_visit', 'social_interaction', 'system'
        )
    ),
    direction text constraint activities_direction_check check (direction in ('inbound', 'outbound', 'internal')),
    -- What it is about; the prospect or lead decides who sees it, the customer where there is neither.
    customer_id text,
    contact_id bigint,
    lead_id text,
    prospect_id text,
    ticket_id text,
    subject text constraint activities_subject_check check (length(subject) <= 255),
    notes text not null constraint activities_notes_check check (btrim(notes) <> '' and length(notes) <= 5000),
    outcome text constraint activities_outcome_check check (length(outcome) <= 1000),
    duration_minutes integer constraint activities_duration_minutes_check check (duration_minutes between 0 and 10080),
    -- Of a photo that was uploaded here, or of one that is kept elsewhere: no script, nothing with a password in it.
    evidence_photo_url text constraint activities_evidence_photo_url_check check (
        length(evidence_photo_url) <= 2000
        and (
            evidence_photo_url ~ '^/api/files/[0-9]{1,19}$'
            or app.is_web_address(evidence_photo_url)
        )
    ),
    -- Degrees; 0 is a place (case 53).
    gps_lat numeric(9, 6) constraint activities_gps_lat_check check (gps_lat between -90 and 90),
    gps_lng numeric(9, 6) constraint activities_gps_lng_check check (gps_lng between -180 and 180),
    -- Null: it was done when it was written down.
    scheduled_at timestamptz,
    -- Null: it is still to be done.
    completed_at timestamptz,
    metadata jsonb not null default '{}' constraint activities_metadata_check check (jsonb_typeof(metadata) = 'object'),
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint activities_pkey primary key (org_id, activity_id),
    constraint activities_subject_of_check check (coalesce(customer_id, lead_id, prospect_id, ticket_id) is not null),
    constraint activities_open_check check (completed_at is not null or scheduled_at is not null),
    -- A visit that was made is proven; one that is planned cannot be yet.
    constraint activities_visit_check check (
        activity_type <> 'visit' or completed_at is null
        or (evidence_photo_url is not null and gps_lat is not null and gps_lng is not null)
    ),
    constraint activities_author_check check (created_by is not null or activity_type = 'system'),
    constraint activities_customer_fkey foreign key (org_id, customer_id) references crm.customers (org_id, customer_id),
    constraint activities_contact_fkey foreign key (org_id, contact_id) references crm.contacts (org_id, contact_id),
    constraint activities_lead_fkey foreign key (org_id, lead_id) references crm.leads (org_id, lead_id),
    constraint activities_prospect_fkey foreign key (org_id, prospect_id) references crm.prospects (org_id, prospect_id)
);
create index activities_created_at_idx on crm.activities (org_id, created_at desc, activity_id desc);
create index activities_customer_idx on crm.activities (org_id, customer_id, created_at desc, activity_id desc);
create index activities_lead_idx on crm.activities (org_id, lead_id, created_at desc, activity_id desc);
create index activities_prospect_idx on crm.activities (org_id, prospect_id, created_at desc, activity_id desc);
create index activities_created_by_idx on crm.activities (org_id, created_by, created_at desc, activity_id desc);
create index activities_contact_idx on crm.activities (org_id, contact_id) where contact_id is not null;
create index activities_open_idx on crm.activities (org_id, scheduled_at) where completed_at is null;
alter table crm.activities enable row level security;
comment on table crm.activities is
    'Append-only but for completion: sales_activities and customer_activities in one (spec: command_center §2.3, customers §1.4; decisions §1.4).';
