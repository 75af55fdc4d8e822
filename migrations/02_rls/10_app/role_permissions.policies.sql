-- Which rows of app.role_permissions are whose: every person known here reads reference data.

create policy role_permissions_select on app.role_permissions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
