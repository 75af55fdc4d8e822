-- Spend: what marketing paid for a channel, by day, in the organisation's currency.

create table kpi.marketing_spend (
    org_id uuid not null,
    spend_id bigint generated always as identity,
    channel text not null constraint marketing_spend_channel_fkey references crm.lead_channels (primary_channel),
    spend_date date not null,
    amount numeric(18, 2) not null constraint marketing_spend_amount_check check (amount >= 0),
    campaign_name text constraint marketing_spend_campaign_name_check check (length(campaign_name) <= 255),
    notes text constraint marketing_spend_notes_check check (length(notes) <= 2000),
    source_import_id bigint,
    source_row_no bigint,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint marketing_spend_pkey primary key (org_id, spend_id),
    -- The second guard of retries: a row of a file is one spend at most.
    constraint marketing_spend_source_row_key unique (org_id, source_import_id, source_row_no),
    constraint marketing_spend_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id)
);
create index marketing_spend_date_idx on kpi.marketing_spend (org_id, spend_date, spend_id desc);
create index marketing_spend_channel_idx on kpi.marketing_spend (org_id, channel, spend_date);
create index marketing_spend_channel_page_idx on kpi.marketing_spend (org_id, channel, spend_id desc);
create index marketing_spend_created_by_idx on kpi.marketing_spend (org_id, created_by, spend_id desc);
alter table kpi.marketing_spend enable row level security;
comment on table kpi.marketing_spend is 'Money spent on channels of leads (spec: command_center §2.3).';
