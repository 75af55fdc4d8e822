-- Which rows of crm.prospect_events are whose: those of prospects one sees (spec: command_center §1.7).

create policy prospect_events_select on crm.prospect_events
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('prospect_events', 'select', 'parent'))
    and exists (select from crm.prospects p where p.org_id = prospect_events.org_id and p.prospect_id = prospect_events.prospect_id)
);
