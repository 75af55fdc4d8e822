-- A page of prospects that the caller sees, newest first.

create or replace function api.crm_list_prospects(
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
    perform app.require('prospects', 'select');

    -- One more than asked for, to know whether there is a next page.
    v_ids := crm.find_prospects(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.created_at desc, v.prospect_id desc)
    into v_items
    from api.prospects v
    where v.prospect_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'prospect_id', v_items -> -1 -> 'prospect_id'
            )
        end
    );
end
$$;

comment on function api.crm_list_prospects(jsonb, integer, jsonb) is
    'p_filters: {current_stage, owner_user_id, customer_id}; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.prospects, next}. Raises PT401, PT403 permission.denied (spec: command_center §7).';
revoke all on function api.crm_list_prospects(jsonb, integer, jsonb) from public;
grant execute on function api.crm_list_prospects(jsonb, integer, jsonb) to authenticated;
