-- Which rows of members.deleted_reservations are whose: those of whoever manages them (spec: member §5.6, §2).

create policy deleted_reservations_select on members.deleted_reservations
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('deleted_reservations', 'select', 'all'))
        or ((select app.can('deleted_reservations', 'select', 'team')) and staff_id = any ((select app.team_ids())::uuid[]))
    )
);
