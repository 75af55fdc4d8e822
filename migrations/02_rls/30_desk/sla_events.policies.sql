-- Which rows of desk.sla_events are whose: those of tickets one sees (spec: command_center §1.7).

create policy sla_events_select on desk.sla_events
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('sla_events', 'select', 'parent'))
    and exists (select from desk.tickets t where t.org_id = sla_events.org_id and t.ticket_id = sla_events.ticket_id)
);
