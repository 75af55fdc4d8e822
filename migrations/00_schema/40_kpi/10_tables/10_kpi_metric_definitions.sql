-- What is measured. Also the essay on module `kpi`.
--
-- Module `kpi` keeps true that a number people are judged by has one definition and one source. A metric is AUTO, and
-- then computed from what happened (leads, invoices, tickets, activities) and never typed; or it is MANUAL or IMPORTED,
-- and then the sum or the last of its entries. What cannot be known says NA or NO_DATA with the reason, never 0.
--
-- A number about everybody needs rows that its reader may not read: marketing is judged by revenue and sees no invoice.
-- So numbers are made by functions of the owner (kpi.actual_of and below) behind one door that asks who may know them:
-- whoever may see a target for that metric and person (app.may_select_kpi_targets).
--
-- Data flow: definitions (here, for all organisations) -> targets for a period -> entries and events -> kpi.actual_of ->
-- api.kpi_actual, api.v_kpi_progress.

create table kpi.kpi_metric_definitions (
    metric_key text primary key constraint kpi_metric_definitions_metric_key_check check (metric_key ~ '^[A-Z][A-Z0-9_]{1,59}$'),
    -- Whose metric it is, and the group of that role: who sets targets for the organisation as a whole.
    owner_role text not null constraint kpi_metric_definitions_owner_role_fkey references app.roles (role_key),
    metric_group text not null constraint kpi_metric_definitions_metric_group_check check (metric_group in ('marketing', 'sales')),
    -- What finance is told as well.
    is_finance boolean not null default false,
    unit text not null constraint kpi_metric_definitions_unit_check
        check (unit in ('IDR', '%', 'count', 'days', 'minutes', 'IDR/lead', 'ratio', 'score')),
    calc_method text not null constraint kpi_metric_definitions_calc_method_check
        check (calc_method in ('AUTO', 'MANUAL', 'IMPORTED')),
    direction text not null constraint kpi_metric_definitions_direction_check
        check (direction in ('HIGHER_BETTER', 'LOWER_BETTER')),
    -- How the entries of a period become one number; AUTO metrics have no entries.
    aggregation text constraint kpi_metric_definitions_aggregation_check check (aggregation in ('SUM', 'LAST')),
    -- The channel whose recorded spend goes before entries.
    spend_channel text constraint kpi_metric_definitions_spend_channel_fkey references crm.lead_channels (primary_channel),
    -- Why it cannot be computed at all.
    na_reason text,
    description text not null,
    position integer not null,
    created_at timestamptz not null default now(),
    constraint kpi_metric_definitions_copied_key unique (metric_key, metric_group, is_finance),
    constraint kpi_metric_definitions_entries_check check ((calc_method = 'AUTO') = (aggregation is null)),
    constraint kpi_metric_definitions_na_reason_check check (na_reason is null or calc_method = 'AUTO'),
    constraint kpi_metric_definitions_spend_channel_check check (spend_channel is null or calc_method <> 'AUTO')
);
alter table kpi.kpi_metric_definitions enable row level security;
comment on table kpi.kpi_metric_definitions is
    'The 68 metrics: unit, direction, owner, method; changed by migrations alone (spec: command_center §5).';
