-- Which rows of crm.lead_transitions are whose: every person known here reads reference data.

create policy lead_transitions_select on crm.lead_transitions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
