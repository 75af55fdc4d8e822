-- Writes a message about a ticket.

create or replace function api.ticket_post_message(p_ticket_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: operations answer on tickets whose row they cannot read (pitfall P12)
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('ticket_id', p_ticket_id, 'payload', payload);
    v_answer jsonb;
    v_wanted jsonb;
    v_ticket desk.tickets;
    v_message_id bigint;
begin
    perform app.require('ticket_messages', 'insert');
    v_answer := app.replay('ticket_post_message', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_wanted := app.read_payload('ticket', payload, '{"message": {"kind": "text", "required": true, "maximum": 10000}}');
    v_ticket := desk.take_ticket(p_ticket_id);
    insert into desk.ticket_messages (org_id, ticket_id, message, created_by, created_at)
    values (v_ticket.org_id, v_ticket.ticket_id, v_wanted ->> 'message', app.uid(), app.now())
    returning message_id into v_message_id;

    perform desk.tell_of_ticket(v_ticket, 'ticket_messages.created', 'Ticket %s has a new message', true);
    perform app.emit('ticket_messages.created', array[v_ticket.ticket_id], array['tickets', 'ticket_messages']);
    return app.remember(
        'ticket_post_message',
        v_request,
        jsonb_build_object(
            'message_id', v_message_id,
            'is_first_response', exists (
                select
                from desk.sla_events e
                where e.org_id = v_ticket.org_id
                  and e.ticket_id = v_ticket.ticket_id
                  and e.event_type = 'FIRST_RESPONSE'
                  and e.metadata -> 'message_id' = to_jsonb(v_message_id)
            )
        )
    );
end
$$;

comment on function api.ticket_post_message(text, jsonb) is
    'payload {message}. Returns {message_id, is_first_response}. Raises PT401, PT403, PT404 ticket.not_found, PT422 (spec: command_center §3.9, §7).';
revoke all on function api.ticket_post_message(text, jsonb) from public;
grant execute on function api.ticket_post_message(text, jsonb) to authenticated;
