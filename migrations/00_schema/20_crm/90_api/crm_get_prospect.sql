-- One prospect that the caller sees, with its leads and what happened to it.

create or replace function api.crm_get_prospect(p_prospect_id text) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_prospect jsonb;
begin
    perform app.require('prospects', 'select');

    select to_jsonb(p) - 'org_id'
    into v_prospect
    from api.prospects p
    where p.prospect_id = p_prospect_id;

    if v_prospect is null then
        perform app.fail('PT404', 'prospect.not_found', 'There is no such prospect.', left(p_prospect_id, 100));
    end if;

    return v_prospect || jsonb_build_object(
        'stage_history',
        (
            select coalesce(jsonb_agg(to_jsonb(h) - 'org_id' - 'prospect_id' order by h.history_id), '[]')
            from api.prospect_stage_history h
            where h.prospect_id = p_prospect_id
        ),
        'events',
        (
            select coalesce(jsonb_agg(to_jsonb(e) - 'org_id' - 'prospect_id' order by e.event_id), '[]')
            from api.prospect_events e
            where e.prospect_id = p_prospect_id
        ),
        'leads',
        (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'lead_id', l.lead_id, 'status', l.status, 'next_step', l.next_step, 'due_date', l.due_date,
                        'sales_owner_user_id', l.sales_owner_user_id
                    )
                    order by l.lead_id
                ),
                '[]'
            )
            from crm.leads l
            where l.org_id = (select app.org_id())
              and l.customer_id = v_prospect ->> 'customer_id'
              and l.prospect_id = p_prospect_id
        )
    );
end
$$;

comment on function api.crm_get_prospect(text) is
    'Returns the row of api.prospects with stage_history, events and leads that the caller sees, the oldest first. Raises PT401, PT403 permission.denied, PT404 prospect.not_found also for one that the caller cannot see (spec: command_center §7, decisions §5.14).';
revoke all on function api.crm_get_prospect(text) from public;
grant execute on function api.crm_get_prospect(text) to authenticated;
