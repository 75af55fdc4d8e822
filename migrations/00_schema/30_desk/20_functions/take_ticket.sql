-- Locks a ticket that the caller is about to change.

create or replace function desk.take_ticket(p_ticket_id text, p_action text default null) returns desk.tickets
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ticket desk.tickets;
begin
    select t.* into v_ticket
    from desk.tickets t
    where t.org_id = app.org_id() and t.ticket_id = p_ticket_id
    for no key update;

    -- Operations work on tickets whose row they cannot read (decisions D3, pitfall P12).
    if v_ticket.ticket_id is null or (
        desk.ticket_is_within('select', v_ticket)
        or (app.can('v_ops_rfqs_masked', 'select', 'dept') and v_ticket.dept_target = app.dept_code())
    ) is not true then
        perform app.fail('PT404', 'ticket.not_found', 'There is no such ticket.', left(p_ticket_id, 100));
    end if;
    if p_action is not null and not desk.ticket_is_within(p_action, v_ticket) then
        perform app.fail('PT403', 'permission.denied', 'You may not do this with this ticket.', p_action || ' on tickets');
    end if;
    return v_ticket;
end
$$;

comment on function desk.take_ticket(text, text) is
    'p_action: update or assign; null: it is enough to see the ticket, if only masked. Returns the row, locked until the transaction ends. Raises PT404 ticket.not_found also for one that the caller cannot see, PT403 permission.denied for one that the caller only sees (decisions §5.14).';
revoke all on function desk.take_ticket(text, text) from public;
