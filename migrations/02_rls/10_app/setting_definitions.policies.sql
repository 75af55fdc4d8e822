-- Which rows of app.setting_definitions are whose: every person known here reads reference data.

create policy setting_definitions_select on app.setting_definitions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
