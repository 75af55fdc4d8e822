-- Which rows of app.notifications are whose: one's own (decisions §5.9).

create policy notifications_select on app.notifications
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('notifications', 'select', 'own')) and user_id = (select app.uid()))
    )
);

create policy notifications_update on app.notifications
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('notifications', 'update', 'own')) and user_id = (select app.uid()))
    )
);
