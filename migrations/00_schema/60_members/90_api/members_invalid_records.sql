-- The invalid records of a staff that wait to be processed.

create or replace function api.members_invalid_records(
    p_module text,
    p_staff_id uuid,
    p_product_id bigint default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := coalesce((p_after ->> 'record_id')::bigint, 0);
    v_items jsonb;
begin
    perform app.require('records', 'assign');
    perform members.check_module(p_module);
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.record_id)
    into v_items
    from (
        select r.*
        from api.records r
        -- Assigned ones only: what is archived has been dealt with.
        where r.module = p_module and r.assigned_to = p_staff_id and r.status = 'assigned' and r.validation_status = 'invalid'
          and (p_product_id is null or r.product_id = p_product_id)
          and r.record_id > v_after
        order by r.record_id
        limit v_limit + 1
    ) page;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case
            when jsonb_array_length(v_items) > v_limit
                then jsonb_build_object('record_id', v_items -> (v_limit - 1) -> 'record_id')
        end
    );
end
$$;

comment on function api.members_invalid_records(text, uuid, bigint, integer, jsonb) is
    'p_staff_id: whose; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.records, next}. Raises PT401, PT403, PT422 (spec: member §5.10 invalid overview).';
revoke all on function api.members_invalid_records(text, uuid, bigint, integer, jsonb) from public;
grant execute on function api.members_invalid_records(text, uuid, bigint, integer, jsonb) to authenticated;
