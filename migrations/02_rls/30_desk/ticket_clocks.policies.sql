-- Which rows of desk.ticket_clocks are whose: those of tickets whose row one sees.

create policy ticket_clocks_select on desk.ticket_clocks
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (select app.can('ticket_clocks', 'select', 'parent'))
    and exists (select from desk.tickets t where t.org_id = ticket_clocks.org_id and t.ticket_id = ticket_clocks.ticket_id)
);
