-- Which rows of members.conflicts are whose: of whoever lost the record, and of admins (spec: member §5.7).

create policy conflicts_select on members.conflicts
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('conflicts', 'select', 'all'))
        or ((select app.can('conflicts', 'select', 'team')) and affected_staff_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('conflicts', 'select', 'own')) and affected_staff_id = (select app.uid()))
    )
);
