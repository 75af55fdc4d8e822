-- Moves, assigns and edits a ticket in one go.

create or replace function api.ticket_update(p_ticket_id text, payload jsonb) returns jsonb
language plpgsql
security definer -- the matrix says rpc: status, assignee and words are changed by functions alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('ticket_id', p_ticket_id, 'payload', payload);
    v_answer jsonb;
    v_read jsonb;
    v_values jsonb;
    v_ticket desk.tickets;
    v_is_edited boolean;
begin
    perform app.require('tickets', 'update');
    v_answer := app.replay('ticket_update', v_request);
    if v_answer is not null then
        return v_answer;
    end if;

    v_read := desk.read_ticket(
        payload,
        '{status, expected_status, close_reason, competitor_rate, customer_budget, assigned_to, subject, description,
          origin_address, origin_city, origin_country, destination_address, destination_city, destination_country,
          cargo_category, cargo_qty, cargo_dimensions, cargo_weight, scope_of_work}'
    );
    if v_read -> 'problems' <> '[]' then
        perform app.fail('PT422', 'request.invalid', 'Some fields are missing or wrong.', (v_read -> 'problems')::text);
    end if;
    v_values := v_read -> 'values';
    v_is_edited := v_values - '{status, expected_status, close_reason, competitor_rate, customer_budget, assigned_to}'::text[] <> '{}';

    v_ticket := desk.take_ticket(
        p_ticket_id, case when v_values - '{assigned_to, expected_status}'::text[] = '{}' then 'assign' else 'update' end
    );
    if v_values ? 'assigned_to' and not desk.ticket_is_within('assign', v_ticket) then
        perform app.fail('PT403', 'permission.denied', 'You may not assign this ticket.', 'assign on tickets');
    end if;
    if v_is_edited and not desk.ticket_is_within('select', v_ticket) then
        -- Whoever sees a ticket masked would write over words that they cannot read.
        perform app.fail('PT403', 'permission.denied', 'You may move and assign this ticket, not edit it.', 'update on tickets');
    elsif v_is_edited and v_ticket.closed_at is not null then
        perform app.fail('PT409', 'ticket.closed', 'A closed ticket is not edited.');
    end if;
    v_ticket := desk.change_ticket(v_ticket, v_values);
    return app.remember('ticket_update', v_request, desk.ticket_state(v_ticket));
end
$$;

comment on function api.ticket_update(text, jsonb) is
    'payload {status?, expected_status?, close_reason?, competitor_rate?, customer_budget?, assigned_to? (null: nobody), and words: subject?, description?, origin_…?, destination_…?, cargo_…?, scope_of_work?}; what is not named stays. Returns desk.ticket_state. Raises PT401, PT403, PT404 ticket.not_found, PT409 ticket.status.changed, ticket.transition.refused, ticket.closed, PT422 request.invalid (spec: command_center §1.6, §2.5, §7).';
revoke all on function api.ticket_update(text, jsonb) from public;
grant execute on function api.ticket_update(text, jsonb) to authenticated;
