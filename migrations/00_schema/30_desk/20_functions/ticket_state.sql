-- What a change of a ticket answers: where the ticket stands now, and not a word of what it says.

create or replace function desk.ticket_state(p_ticket desk.tickets) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'ticket_id', p_ticket.ticket_id,
        'ticket_type', p_ticket.ticket_type,
        'status', coalesce(p_ticket.inquiry_status, p_ticket.ticket_status),
        'dept_target', p_ticket.dept_target,
        'assigned_to', p_ticket.assigned_to,
        'created_at', p_ticket.created_at,
        'updated_at', p_ticket.updated_at,
        'closed_at', p_ticket.closed_at
    )
$$;

comment on function desk.ticket_state(desk.tickets) is
    'Returns {ticket_id, ticket_type, status, dept_target, assigned_to, created_at, updated_at, closed_at}: nothing that masking hides.';
revoke all on function desk.ticket_state(desk.tickets) from public;
