-- Which rows of app.menus are whose: every person known here reads reference data.

create policy menus_select on app.menus
for select to authenticated, analyst
using ((select app.org_id()) is not null);
