-- Which rows of crm.activity_photos are whose: one's own, and those of activities one sees (decisions §5.9).

create policy activity_photos_select on crm.activity_photos
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('activity_photos', 'select', 'own')) and uploaded_by = (select app.uid()))
        or ((select app.can('activity_photos', 'select', 'parent')) and exists (
            select from crm.activities a where a.org_id = activity_photos.org_id and a.activity_id = activity_photos.activity_id
        ))
    )
);
