-- Which rows of desk.ticket_attachments are whose: those of tickets whose row one sees, and for operations also what their
-- own department has put there (spec: command_center §1.7).

create policy ticket_attachments_select on desk.ticket_attachments
for select to authenticated, analyst
using (
    org_id = (select app.org_id())
    and (
        (
            (select app.can('ticket_attachments', 'select', 'parent'))
            and exists (
                select from desk.tickets t where t.org_id = ticket_attachments.org_id and t.ticket_id = ticket_attachments.ticket_id
            )
        )
        or ((select app.can('ticket_attachments', 'select', 'dept')) and dept_code = (select app.dept_code()))
    )
);
