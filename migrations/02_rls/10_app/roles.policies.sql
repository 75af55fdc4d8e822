-- Which rows of app.roles are whose: every person known here reads reference data.

create policy roles_select on app.roles
for select to authenticated, analyst
using ((select app.org_id()) is not null);
