-- Deletes a message of a ticket; what it set off stays.

create or replace function api.ticket_delete_message(p_ticket_id text, p_message_id bigint) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('ticket_messages', 'delete');
    delete from desk.ticket_messages m where m.org_id = v_org_id and m.ticket_id = p_ticket_id and m.message_id = p_message_id;
    if not found then
        perform app.fail('PT404', 'ticket.message.not_found', 'The ticket has no such message.', p_message_id::text);
    end if;
    perform app.emit('ticket_messages.deleted', array[p_ticket_id], array['tickets', 'ticket_messages']);
    return jsonb_build_object('ticket_id', p_ticket_id, 'message_id', p_message_id);
end
$$;

comment on function api.ticket_delete_message(text, bigint) is
    'Returns {ticket_id, message_id}. Raises PT401, PT403, PT404 ticket.message.not_found (spec: command_center §1.5).';
revoke all on function api.ticket_delete_message(text, bigint) from public;
grant execute on function api.ticket_delete_message(text, bigint) to authenticated;
