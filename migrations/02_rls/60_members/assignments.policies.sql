-- Which rows of members.assignments are whose: spec: member §2, case 11; decisions §1.2.

create policy assignments_select on members.assignments
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('assignments', 'select', 'all'))
        or ((select app.can('assignments', 'select', 'team')) and staff_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('assignments', 'select', 'own')) and staff_id = (select app.uid()))
    )
);
