-- Prospects: one person's pursuit of one customer, stage by stage.

create table crm.prospects (
    org_id uuid not null,
    prospect_id text not null,
    customer_id text not null,
    owner_user_id uuid not null,
    current_stage text not null default 'Prospect Created' constraint prospects_current_stage_check check (
        current_stage in (
            'Prospect Created', 'Initial Contact', 'Need Analysis', 'Proposal Sent', 'Negotiation',
            'Closed Won', 'Closed Lost', 'Nurturing'
        )
    ),
    -- False while it stands on a lead that matched a customer its creator could not read (decisions §5.1).
    counts boolean not null default true,
    closed_at timestamptz,
    source_import_id bigint,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint prospects_pkey primary key (org_id, prospect_id),
    -- Two requests at once cannot make two pursuits of one (case 57).
    -- Customer and owner are kept by statement: 30_triggers/60_references.sql.
    constraint prospects_customer_owner_key unique (org_id, customer_id, owner_user_id)
);
create index prospects_owner_idx on crm.prospects (org_id, owner_user_id, created_at, prospect_id);
create index prospects_created_at_idx on crm.prospects (org_id, created_at, prospect_id);
alter table crm.prospects enable row level security;
comment on table crm.prospects is 'At most one per customer and owner; stages in crm.prospect_stage_history (spec: command_center §2.3, §2.5).';

create table crm.prospect_stage_history (
    org_id uuid not null,
    history_id bigint generated always as identity,
    prospect_id text not null,
    -- Null: the stage it began with.
    from_stage text,
    to_stage text not null,
    changed_by uuid,
    changed_at timestamptz not null default now(),
    -- No foreign key: the triggers of crm.prospects, which know the prospect, write the rows and remove them with it.
    constraint prospect_stage_history_pkey primary key (org_id, prospect_id, history_id)
);
alter table crm.prospect_stage_history enable row level security;
comment on table crm.prospect_stage_history is 'Append-only, written by triggers of crm.prospects alone (spec: command_center §2.3).';

create table crm.prospect_events (
    org_id uuid not null,
    event_id bigint generated always as identity,
    prospect_id text not null,
    event_type text not null constraint prospect_events_event_type_check
        check (event_type in ('RFQ_CREATED', 'TICKET_CREATED', 'HANDOVER', 'STAGE_CHANGED')),
    ref_id text,
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint prospect_events_pkey primary key (org_id, event_id),
    constraint prospect_events_prospect_fkey foreign key (org_id, prospect_id)
        references crm.prospects (org_id, prospect_id) on delete cascade
);
create index prospect_events_prospect_idx on crm.prospect_events (org_id, prospect_id, event_id);
alter table crm.prospect_events enable row level security;
comment on table crm.prospect_events is
    'What happened to a prospect by itself, kept out of activities so that their counts stay clean (spec: command_center §2.3).';
