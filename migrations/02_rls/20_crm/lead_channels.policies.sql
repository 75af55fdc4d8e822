-- Which rows of crm.lead_channels are whose: every person known here reads reference data.

create policy lead_channels_select on crm.lead_channels
for select to authenticated, analyst
using ((select app.org_id()) is not null);
