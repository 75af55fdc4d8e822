-- Which rows of app.departments are whose: those of one's organisation (spec: command_center §1.5).

create policy departments_select on app.departments
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('departments', 'select', 'all'))
    )
);
