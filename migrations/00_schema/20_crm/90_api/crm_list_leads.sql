-- A page of leads that the caller sees, newest first.

create or replace function api.crm_list_leads(
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
    perform app.require('leads', 'select');

    -- One more than asked for, to know whether there is a next page.
    v_ids := crm.find_leads(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.created_at desc, v.lead_id desc)
    into v_items
    from api.leads v
    where v.lead_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'lead_id', v_items -> -1 -> 'lead_id'
            )
        end
    );
end
$$;

comment on function api.crm_list_leads(jsonb, integer, jsonb) is
    'p_filters: {status, primary_channel, service_code, sales_owner_user_id, created_by, customer_id, lead_date_from, lead_date_to}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.leads, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.crm_list_leads(jsonb, integer, jsonb) from public;
grant execute on function api.crm_list_leads(jsonb, integer, jsonb) to authenticated;
