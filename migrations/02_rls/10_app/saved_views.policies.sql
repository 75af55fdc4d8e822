-- Which rows of app.saved_views are whose: one's own (spec: command_center §1.5).

create policy saved_views_select on app.saved_views
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('saved_views', 'select', 'all'))
        or ((select app.can('saved_views', 'select', 'own')) and created_by = (select app.uid()))
    )
);

create policy saved_views_update on app.saved_views
for update to authenticated
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('saved_views', 'update', 'own')) and created_by = (select app.uid()))
    )
);
