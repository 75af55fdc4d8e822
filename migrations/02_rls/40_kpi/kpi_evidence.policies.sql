-- Which rows of kpi.kpi_evidence are whose: spec: command_center §1.7, case 103.

create policy kpi_evidence_select on kpi.kpi_evidence
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('kpi_evidence', 'select', 'all'))
        or ((select app.can('kpi_evidence', 'select', 'own')) and user_id = (select app.uid()))
        or ((select app.can('kpi_evidence', 'select', 'team')) and user_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('kpi_evidence', 'select', 'marketing')) and user_id = any ((select app.user_ids_of_group('marketing'))::uuid[]))
    )
);
