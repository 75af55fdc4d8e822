-- Whether the caller may see a target for a metric and person, and so what the metric came to: what policy
-- kpi_targets_select says, for definer code.

create or replace function app.may_select_kpi_targets(p_metric_group text, p_is_finance boolean, p_assignee uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select app.can('kpi_targets', 'select', 'all')
        or coalesce(app.can('kpi_targets', 'select', 'own') and p_assignee = app.uid(), false)
        or coalesce(app.can('kpi_targets', 'select', 'team') and p_assignee = any (app.team_ids()), false)
        or coalesce(app.can('kpi_targets', 'select', 'marketing') and p_assignee = any (app.user_ids_of_group('marketing')), false)
        or (app.can('kpi_targets', 'select', 'org_sales') and p_assignee is null and p_metric_group = 'sales')
        or (app.can('kpi_targets', 'select', 'org_marketing') and p_assignee is null and p_metric_group = 'marketing')
        or (app.can('kpi_targets', 'select', 'org_finance') and p_assignee is null and p_is_finance)
$$;

comment on function app.may_select_kpi_targets(text, boolean, uuid) is
    'p_metric_group, p_is_finance: of the metric; p_assignee: null for the organisation. Equal to policy kpi_targets_select by test (decisions §5.7, spec: command_center §1.7).';
revoke all on function app.may_select_kpi_targets(text, boolean, uuid) from public;
grant execute on function app.may_select_kpi_targets(text, boolean, uuid) to authenticated;
