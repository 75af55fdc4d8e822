-- Opens a ticket.

create or replace function api.ticket_create(payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: nobody inserts tickets
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
    v_answer jsonb;
    v_draft record;
    v_ticket desk.tickets;
begin
    perform app.require('tickets', 'insert');
    v_answer := app.replay('ticket_create', payload);
    if v_answer is not null then
        return v_answer;
    end if;

    v_draft := desk.draft_ticket(payload);
    if v_draft.problems <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', v_draft.problems::text);
    end if;
    if not app.can('tickets', 'insert', 'all') and v_draft.ticket ->> 'dept_target' is distinct from app.dept_code() then
        perform app.fail('PT403', 'permission.denied', 'Your role opens tickets for its own department only.', 'insert on tickets');
    end if;

    insert into desk.tickets (
        org_id, ticket_type, dept_target, service_code, assigned_to, related_lead_id, related_customer_id, subject, description,
        origin_address, origin_city, origin_country, destination_address, destination_city, destination_country,
        cargo_category, cargo_qty, cargo_dimensions, cargo_weight, scope_of_work, created_by, created_at
    )
    select
        v_org_id, r.ticket_type, r.dept_target, r.service_code, r.assigned_to, r.related_lead_id, r.related_customer_id,
        r.subject, r.description, r.origin_address, r.origin_city, r.origin_country, r.destination_address,
        r.destination_city, r.destination_country, r.cargo_category, r.cargo_qty, r.cargo_dimensions, r.cargo_weight,
        r.scope_of_work, app.uid(), app.now()
    from jsonb_populate_record(null::desk.tickets, v_draft.ticket) r
    returning * into v_ticket;

    perform desk.tell_of_ticket(v_ticket, 'tickets.created', 'Ticket %s is new');
    perform app.emit('tickets.created', array[v_ticket.ticket_id], array['tickets']);
    return app.remember('ticket_create', payload, desk.ticket_state(v_ticket));
end
$$;

comment on function api.ticket_create(jsonb) is
    'payload {ticket_type, subject, dept_target (default: the service''s department), service_code?, description?, origin_…?, destination_…?, cargo_…?, scope_of_work?, related_lead_id?, related_customer_id?, assigned_to?}. Returns desk.ticket_state. Raises PT401, PT403, PT422 request.invalid with every bad field; what the caller cannot see is unknown (spec: command_center §3.9, cases 58, 80).';
revoke all on function api.ticket_create(jsonb) from public;
grant execute on function api.ticket_create(jsonb) to authenticated;
