-- A page of tickets that the caller sees, newest first; operations see those of their department masked.

create or replace function api.desk_list_tickets(
    p_filters jsonb default '{}',
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_ids text[];
    v_items jsonb;
begin
    perform app.require('tickets', 'select');

    -- One more than asked for, to know whether there is a next page.
    v_ids := desk.find_tickets(p_filters, v_limit + 1, p_after);

    select jsonb_agg(i.item order by i.created_at desc, i.ticket_id desc)
    into v_items
    from (
        select v.created_at, v.ticket_id, to_jsonb(v) - 'org_id' as item
        from api.tickets v
        where v.ticket_id = any (v_ids[:v_limit])
        union all
        select m.created_at, m.ticket_id, m.item || '{"is_masked": true}'
        from desk.masked_tickets(v_ids[:v_limit]) m
    ) i;

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'ticket_id', v_items -> -1 -> 'ticket_id'
            )
        end
    );
end
$$;

comment on function api.desk_list_tickets(jsonb, integer, jsonb) is
    'p_filters: {ticket_type, status, dept_target, assigned_to, created_by, related_lead_id, related_customer_id, created_from, created_to (days of the organisation)}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.tickets with is_masked, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.desk_list_tickets(jsonb, integer, jsonb) from public;
grant execute on function api.desk_list_tickets(jsonb, integer, jsonb) to authenticated;
