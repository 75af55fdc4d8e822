-- A page of customers that the caller sees, newest first.

create or replace function api.crm_list_customers(
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
    perform app.require('customers', 'select');

    -- One more than asked for, to know whether there is a next page.
    v_ids := crm.find_customers(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.created_at desc, v.customer_id desc)
    into v_items
    from api.customers v
    where v.customer_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'customer_id', v_items -> -1 -> 'customer_id'
            )
        end
    );
end
$$;

comment on function api.crm_list_customers(jsonb, integer, jsonb) is
    'p_filters: {status, customer_type, owner_user_id, parent_customer_id}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.customers, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.crm_list_customers(jsonb, integer, jsonb) from public;
grant execute on function api.crm_list_customers(jsonb, integer, jsonb) to authenticated;
