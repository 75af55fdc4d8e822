-- Which rows of desk.ticket_messages are whose: those of tickets whose row one sees (spec: command_center §1.7).

create policy ticket_messages_select on desk.ticket_messages
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('ticket_messages', 'select', 'parent'))
    and exists (select from desk.tickets t where t.org_id = ticket_messages.org_id and t.ticket_id = ticket_messages.ticket_id)
);
