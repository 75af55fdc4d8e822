-- Which rows of members.reservation_grace are whose: those of one's organisation, for whoever sees its member settings.

create policy reservation_grace_select on members.reservation_grace
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('reservation_grace', 'select', 'all'))
    )
);
