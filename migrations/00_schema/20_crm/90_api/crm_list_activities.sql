-- A page of activities that the caller sees, newest first.

create or replace function api.crm_list_activities(
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
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('activities', 'select');

    -- A customer that the caller cannot read is nobody's here, or the filter would tell what api.activities hides.
    if p_filters ? 'customer_id' and not app.may_select_customers(app.org_id(), p_filters ->> 'customer_id') then
        return jsonb_build_object('items', '[]'::jsonb, 'next', null);
    end if;
    -- One more than asked for, to know whether there is a next page.
    v_ids := crm.find_activities(p_filters, v_limit + 1, p_after);

    select jsonb_agg(to_jsonb(v) - 'org_id' order by v.created_at desc, v.activity_id desc)
    into v_items
    from api.activities v
    where v.activity_id = any (v_ids[:v_limit]);

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case
            when cardinality(v_ids) > v_limit then jsonb_build_object(
                'created_at', v_items -> -1 -> 'created_at', 'activity_id', v_items -> -1 -> 'activity_id'
            )
        end
    );
end
$$;

comment on function api.crm_list_activities(jsonb, integer, jsonb) is
    'p_filters: {prospect_id, lead_id, customer_id, created_by, activity_type, is_open}, without the first four the caller''s own; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.activities, next}. Raises PT401, PT403 permission.denied (spec: command_center §7, customers §1.4).';
revoke all on function api.crm_list_activities(jsonb, integer, jsonb) from public;
grant execute on function api.crm_list_activities(jsonb, integer, jsonb) to authenticated;
