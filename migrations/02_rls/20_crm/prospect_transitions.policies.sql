-- Which rows of crm.prospect_transitions are whose: every person known here reads reference data.

create policy prospect_transitions_select on crm.prospect_transitions
for select to authenticated, analyst
using ((select app.org_id()) is not null);
