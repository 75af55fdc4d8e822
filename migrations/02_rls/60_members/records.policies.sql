-- Which rows of members.records are whose: spec: member §2, case 11; decisions §1.2.

create policy records_select on members.records
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('records', 'select', 'all'))
        or ((select app.can('records', 'select', 'team')) and assigned_to = any ((select app.team_ids())::uuid[]))
        or ((select app.can('records', 'select', 'own')) and assigned_to = (select app.uid()))
    )
);
