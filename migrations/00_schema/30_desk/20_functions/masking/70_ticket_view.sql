-- How the caller sees a ticket: as it is, masked, or not at all; and with which patterns.

create or replace function desk.ticket_view(p_ticket_id text, out is_seen boolean, out is_masked boolean, out patterns text[])
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ticket desk.tickets;
begin
    select t.* into v_ticket from desk.tickets t where t.org_id = app.org_id() and t.ticket_id = p_ticket_id;
    is_masked := false;
    is_seen := v_ticket.ticket_id is not null and desk.ticket_is_within('select', v_ticket);
    if not is_seen and v_ticket.dept_target = app.dept_code() and app.can('v_ops_rfqs_masked', 'select', 'dept') then
        is_seen := true;
        is_masked := true;
        select m.free_patterns into patterns
        from desk.mask_patterns(v_ticket.org_id, v_ticket.related_lead_id, v_ticket.related_customer_id, null, '') m;
    end if;
end
$$;

comment on function desk.ticket_view(text) is
    'is_seen: whether the caller may have anything of the ticket; is_masked: only without what patterns find (spec: command_center §1.7 access to a ticket).';
revoke all on function desk.ticket_view(text) from public;
