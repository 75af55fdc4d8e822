-- Targets: what somebody, or the organisation, is to reach in a period.

create table kpi.kpi_targets (
    org_id uuid not null,
    target_id bigint generated always as identity,
    metric_key text not null,
    -- Copied from the definition by trigger and kept equal by the key: policies read them.
    metric_group text not null,
    is_finance boolean not null,
    period_start date not null,
    -- Inclusive.
    period_end date not null,
    -- Null: for the organisation as a whole.
    assignee_user_id uuid,
    target_value numeric(18, 4) not null constraint kpi_targets_target_value_check check (target_value >= 0),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint kpi_targets_pkey primary key (org_id, target_id),
    constraint kpi_targets_metric_fkey foreign key (metric_key, metric_group, is_finance)
        references kpi.kpi_metric_definitions (metric_key, metric_group, is_finance) on update cascade,
    constraint kpi_targets_assignee_user_id_fkey foreign key (org_id, assignee_user_id) references app.profiles (org_id, user_id),
    constraint kpi_targets_created_by_fkey foreign key (org_id, created_by) references app.profiles (org_id, user_id),
    constraint kpi_targets_period_check check (period_start <= period_end),
    -- No two targets of one metric and person share a day, a month in its quarter included; null is one person here
    -- (decision D5, pitfall P27).
    constraint kpi_targets_period_excl exclude using gist (
        org_id extensions.gist_uuid_ops with =,
        metric_key extensions.gist_text_ops with =,
        (coalesce(assignee_user_id, '00000000-0000-0000-0000-000000000000'::uuid)) extensions.gist_uuid_ops with =,
        (daterange(period_start, period_end, '[]')) with &&
    )
);
create index kpi_targets_metric_idx on kpi.kpi_targets (org_id, metric_key, target_id desc);
create index kpi_targets_assignee_idx on kpi.kpi_targets (org_id, assignee_user_id, target_id desc);
create index kpi_targets_period_idx on kpi.kpi_targets (org_id, period_end, period_start);
alter table kpi.kpi_targets enable row level security;
comment on table kpi.kpi_targets is 'Targets; periods of the same metric and assignee never overlap (spec: command_center §2.3, §5.3, decision D5).';
