-- Activities of marketing: what was done, how much of it, on which day.

create table kpi.marketing_activity_events (
    org_id uuid not null,
    activity_id bigint generated always as identity,
    activity_name text not null constraint marketing_activity_events_activity_name_check
        check (btrim(activity_name) <> '' and length(activity_name) <= 100),
    channel text constraint marketing_activity_events_channel_fkey references crm.lead_channels (primary_channel),
    activity_date date not null,
    quantity numeric(18, 4) not null constraint marketing_activity_events_quantity_check check (quantity > 0),
    notes text constraint marketing_activity_events_notes_check check (length(notes) <= 2000),
    source_import_id bigint,
    source_row_no bigint,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint marketing_activity_events_pkey primary key (org_id, activity_id),
    -- The second guard of retries: a row of a file is one activity at most.
    constraint marketing_activity_events_source_row_key unique (org_id, source_import_id, source_row_no),
    constraint marketing_activity_events_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index marketing_activity_events_date_idx on kpi.marketing_activity_events (org_id, activity_date, activity_id desc);
create index marketing_activity_events_channel_idx on kpi.marketing_activity_events (org_id, channel, activity_id desc);
create index marketing_activity_events_name_idx on kpi.marketing_activity_events (org_id, activity_name, activity_id desc);
create index marketing_activity_events_created_by_idx on kpi.marketing_activity_events (org_id, created_by, activity_id desc);
alter table kpi.marketing_activity_events enable row level security;
comment on table kpi.marketing_activity_events is
    'What marketing did. No metric is made of it: what is a metric is entered as one (spec: command_center §2.3, §5.2).';
