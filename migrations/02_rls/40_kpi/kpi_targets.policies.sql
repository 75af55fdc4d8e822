-- Which rows of kpi.kpi_targets are whose: spec: command_center §1.7. app.may_select_kpi_targets and
-- app.may_update_kpi_targets say the same for definer code.

create policy kpi_targets_select on kpi.kpi_targets
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('kpi_targets', 'select', 'all'))
        or ((select app.can('kpi_targets', 'select', 'own')) and assignee_user_id = (select app.uid()))
        or ((select app.can('kpi_targets', 'select', 'team')) and assignee_user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('kpi_targets', 'select', 'marketing')) and assignee_user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]))
        or ((select app.can('kpi_targets', 'select', 'org_sales')) and assignee_user_id is null and metric_group = 'sales')
        or ((select app.can('kpi_targets', 'select', 'org_marketing')) and assignee_user_id is null and metric_group = 'marketing')
        or ((select app.can('kpi_targets', 'select', 'org_finance')) and assignee_user_id is null and is_finance)
    )
);

create policy kpi_targets_update on kpi.kpi_targets
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('kpi_targets', 'update', 'all'))
        or ((select app.can('kpi_targets', 'update', 'team')) and assignee_user_id = any ((select app.team_ids())::uuid[]) and metric_group = 'sales')
        or ((select app.can('kpi_targets', 'update', 'marketing')) and assignee_user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]) and metric_group = 'marketing')
        or ((select app.can('kpi_targets', 'update', 'org_sales')) and assignee_user_id is null and metric_group = 'sales')
        or ((select app.can('kpi_targets', 'update', 'org_marketing')) and assignee_user_id is null and metric_group = 'marketing')
    )
);
