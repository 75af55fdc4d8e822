-- Which rows of members.page_views are whose: one's own (spec: member §5.22).

create policy page_views_select on members.page_views
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('page_views', 'select', 'own')) and user_id = (select app.uid()))
    )
);
