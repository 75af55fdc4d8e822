-- Which rows of members.reservations are whose: one's own, and everybody's approved ones (spec: member §2, case 11).

create policy reservations_select on members.reservations
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('reservations', 'select', 'all'))
        or ((select app.can('reservations', 'select', 'approved')) and status = 'approved')
        or ((select app.can('reservations', 'select', 'team')) and staff_id = any ((select app.team_ids())::uuid[]))
        or ((select app.can('reservations', 'select', 'own')) and staff_id = (select app.uid()))
    )
);
