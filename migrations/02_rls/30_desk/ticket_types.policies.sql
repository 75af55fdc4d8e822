-- Which rows of desk.ticket_types are whose: every person known here reads reference data.

create policy ticket_types_select on desk.ticket_types
for select to authenticated, analyst
using ((select app.org_id()) is not null);
