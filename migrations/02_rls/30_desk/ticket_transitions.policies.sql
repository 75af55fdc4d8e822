-- Which rows of desk.ticket_transitions are whose: every person known here reads reference data.

create policy ticket_transitions_select on desk.ticket_transitions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
