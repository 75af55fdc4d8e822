-- Tells people about a ticket, without a word of what it says.

create or replace function desk.tell_of_ticket(p_ticket desk.tickets, p_topic text, p_title text, p_with_author boolean default false)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    select app.notify(
        array(
            select p.user_id
            from app.profiles p
            where p.org_id = p_ticket.org_id
              and p.is_active
              and p.user_id is distinct from app.uid()
              -- Whoever it is assigned to; nobody yet: whoever could take it.
              and (
                  p.user_id = p_ticket.assigned_to
                  or (p_ticket.assigned_to is null and p.dept_code = p_ticket.dept_target)
                  or (p_with_author and p.user_id = p_ticket.created_by)
              )
        ),
        p_topic,
        -- The id and nothing else: subjects, companies and people stay on the ticket (pitfall P13).
        format(p_title, p_ticket.ticket_id),
        'desk.tickets',
        p_ticket.ticket_id
    )
$$;

comment on function desk.tell_of_ticket(desk.tickets, text, text, boolean) is
    'p_title: text with %s for the ticket''s id. Notifies the assignee, or the department when there is none, and p_with_author its author; but never the caller.';
revoke all on function desk.tell_of_ticket(desk.tickets, text, text, boolean) from public;
