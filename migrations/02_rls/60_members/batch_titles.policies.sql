-- Which rows of members.batch_titles are whose: spec: member §2, case 11; decisions §1.2.

create policy batch_titles_select on members.batch_titles
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        ((select app.can('batch_titles', 'select', 'own')) and user_id = (select app.uid()))
    )
);
