-- Which rows of app.scopes are whose: every person known here reads reference data.

create policy scopes_select on app.scopes
for select to authenticated, analyst
using ((select app.org_id()) is not null);
