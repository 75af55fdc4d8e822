-- Deletes a ticket with all that was written about it.

create or replace function api.ticket_delete(p_ticket_id text) returns jsonb
language plpgsql
security definer -- the matrix says rpc: rows are deleted by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := app.org_id();
begin
    perform app.require('tickets', 'delete');
    perform from desk.tickets t where t.org_id = v_org_id and t.ticket_id = p_ticket_id for update;
    if not found then
        perform app.fail('PT404', 'ticket.not_found', 'There is no such ticket.', left(p_ticket_id, 100));
    end if;
    if exists (select from crm.activities a where a.org_id = v_org_id and a.ticket_id = p_ticket_id) then
        perform app.fail('PT409', 'ticket.in_use', 'Activities are about this ticket.', p_ticket_id);
    end if;
    delete from desk.tickets t where t.org_id = v_org_id and t.ticket_id = p_ticket_id;
    perform app.emit('tickets.deleted', array[p_ticket_id], array['tickets']);
    return jsonb_build_object('ticket_id', p_ticket_id);
end
$$;

comment on function api.ticket_delete(text) is
    'Returns {ticket_id}; messages, attachments and SLA events go with it. Raises PT401, PT403, PT404 ticket.not_found, PT409 ticket.in_use (spec: command_center §1.5).';
revoke all on function api.ticket_delete(text) from public;
grant execute on function api.ticket_delete(text) to authenticated;
