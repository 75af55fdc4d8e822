-- Which rows of desk.ticket_statuses are whose: every person known here reads reference data.

create policy ticket_statuses_select on desk.ticket_statuses
for select to authenticated, analyst
using ((select app.org_id()) is not null);
