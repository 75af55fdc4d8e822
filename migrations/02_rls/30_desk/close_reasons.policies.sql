-- Which rows of desk.close_reasons are whose: every person known here reads reference data.

create policy close_reasons_select on desk.close_reasons
for select to authenticated, analyst
using ((select app.org_id()) is not null);
