-- Which rows of members.batches are whose: spec: member §2, case 11; decisions §1.2.

create policy batches_select on members.batches
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('batches', 'select', 'all'))
        or ((select app.can('batches', 'select', 'team')) and staff_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('batches', 'select', 'own')) and staff_id = (select app.uid()))
    )
);
