-- Which rows of app.organizations are whose: one's own organisation.

create policy organizations_select on app.organizations
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (select app.can('organizations', 'select', 'all'))
    )
);
