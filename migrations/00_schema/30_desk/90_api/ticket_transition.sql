-- Moves a ticket to another status: the named form of api.ticket_update.

create or replace function api.ticket_transition(
    p_ticket_id text,
    p_new_status text,
    p_close_reason text default null,
    p_competitor_rate numeric default null,
    p_customer_budget numeric default null,
    p_expected_status text default null
) returns jsonb
language sql
set search_path = pg_catalog, pg_temp
as $$
    select api.ticket_update(
        p_ticket_id,
        jsonb_build_object('status', p_new_status) || jsonb_strip_nulls(jsonb_build_object(
            'close_reason', p_close_reason,
            'competitor_rate', p_competitor_rate,
            'customer_budget', p_customer_budget,
            'expected_status', p_expected_status
        ))
    )
$$;

comment on function api.ticket_transition(text, text, text, numeric, numeric, text) is
    'p_close_reason: of desk.close_reasons, required for CLOSED LOST; p_competitor_rate, p_customer_budget: amounts, with it; p_expected_status: refuse when it is another by now. Returns and raises what api.ticket_update does (spec: command_center §3.9).';
revoke all on function api.ticket_transition(text, text, text, numeric, numeric, text) from public;
grant execute on function api.ticket_transition(text, text, text, numeric, numeric, text) to authenticated;
