-- Whether the caller may set a target for a metric and person; policy kpi_targets_update says the same of changing one.

create or replace function app.may_insert_kpi_targets(p_metric_group text, p_assignee uuid) returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select app.can('kpi_targets', 'insert', 'all')
        or coalesce(
            app.can('kpi_targets', 'insert', 'team') and p_metric_group = 'sales' and p_assignee = any (app.team_ids()), false
        )
        or coalesce(
            app.can('kpi_targets', 'insert', 'marketing') and p_metric_group = 'marketing'
            and p_assignee = any (app.user_ids_of_group('marketing')),
            false
        )
        or (app.can('kpi_targets', 'insert', 'org_sales') and p_assignee is null and p_metric_group = 'sales')
        or (app.can('kpi_targets', 'insert', 'org_marketing') and p_assignee is null and p_metric_group = 'marketing')
$$;

comment on function app.may_insert_kpi_targets(text, uuid) is
    'p_metric_group: of the metric; p_assignee: null for the organisation. Managers set targets of their own metrics for their own people (spec: command_center §5.3, case 86).';
revoke all on function app.may_insert_kpi_targets(text, uuid) from public;
grant execute on function app.may_insert_kpi_targets(text, uuid) to authenticated;
