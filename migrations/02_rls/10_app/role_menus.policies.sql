-- Which rows of app.role_menus are whose: every person known here reads reference data.

create policy role_menus_select on app.role_menus
for select to authenticated, analyst
using ((select app.org_id()) is not null);
