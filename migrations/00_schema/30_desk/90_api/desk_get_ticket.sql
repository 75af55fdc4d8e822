-- One ticket that the caller sees; operations see one of their department masked.

create or replace function api.desk_get_ticket(p_ticket_id text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ticket jsonb;
begin
    perform app.require('tickets', 'select');

    select to_jsonb(v) - 'org_id' into v_ticket
    from api.tickets v
    where v.ticket_id = p_ticket_id;
    if v_ticket is null then
        select m.item || '{"is_masked": true}' into v_ticket
        from desk.masked_tickets(array[p_ticket_id]) m;
    end if;
    if v_ticket is null then
        perform app.fail('PT404', 'ticket.not_found', 'There is no such ticket.', left(p_ticket_id, 100));
    end if;
    return v_ticket || jsonb_build_object('messages', desk.find_messages(p_ticket_id, 50)) || desk.ticket_story(p_ticket_id);
end
$$;

comment on function api.desk_get_ticket(text) is
    'Returns the row of api.tickets with is_masked, its 50 latest messages, newest first, attachments and sla_events. Raises PT401, PT403 permission.denied, PT404 ticket.not_found also for one that the caller cannot see (decisions §5.14).';
revoke all on function api.desk_get_ticket(text) from public;
grant execute on function api.desk_get_ticket(text) to authenticated;
