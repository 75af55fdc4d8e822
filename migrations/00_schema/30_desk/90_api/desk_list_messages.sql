-- A page of a ticket's messages, newest first.

create or replace function api.desk_list_messages(p_ticket_id text, p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_found jsonb;
begin
    perform app.require('ticket_messages', 'select');
    if desk.ticket_story(p_ticket_id) is null then
        perform app.fail('PT404', 'ticket.not_found', 'There is no such ticket.', left(p_ticket_id, 100));
    end if;
    v_found := desk.find_messages(p_ticket_id, v_limit + 1, (p_after ->> 'message_id')::bigint);
    return jsonb_build_object(
        'items', case when jsonb_array_length(v_found) > v_limit then v_found - v_limit else v_found end,
        'next', case
            when jsonb_array_length(v_found) > v_limit then jsonb_build_object('message_id', v_found -> (v_limit - 1) -> 'message_id')
        end
    );
end
$$;

comment on function api.desk_list_messages(text, integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: [{message_id, message, created_by, created_at}], next}. Raises PT401, PT403, PT404 ticket.not_found.';
revoke all on function api.desk_list_messages(text, integer, jsonb) from public;
grant execute on function api.desk_list_messages(text, integer, jsonb) to authenticated;
