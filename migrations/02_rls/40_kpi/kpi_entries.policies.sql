-- Which rows of kpi.kpi_entries are whose: spec: command_center §1.7; corrected by whoever wrote them.

create policy kpi_entries_select on kpi.kpi_entries
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('kpi_entries', 'select', 'all'))
        or ((select app.can('kpi_entries', 'select', 'own')) and assignee_user_id = (select app.uid()))
        or ((select app.can('kpi_entries', 'select', 'team')) and assignee_user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('kpi_entries', 'select', 'marketing')) and assignee_user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]))
    )
);

create policy kpi_entries_update on kpi.kpi_entries
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        (select app.can('kpi_entries', 'update', 'all'))
        or ((select app.can('kpi_entries', 'update', 'own')) and assignee_user_id = (select app.uid()) and created_by = (select app.uid()))
        or ((select app.can('kpi_entries', 'update', 'team')) and assignee_user_id = any ((select app.team_ids())::uuid[]) and created_by = (select app.uid()))
        or ((select app.can('kpi_entries', 'update', 'marketing')) and assignee_user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]) and created_by = (select app.uid()))
    )
);
