-- The caller's own records of a module, whatever card they are on.

create or replace function api.members_staff_records(
    p_module text,
    p_product_id bigint default null,
    p_database_id bigint default null,
    p_validation_status text default null,
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
    v_after bigint := (p_after ->> 'record_id')::bigint;
    v_code text := members.calling_code();
    v_items jsonb;
begin
    perform app.require('records', 'validate');
    perform members.check_module(p_module);
    select jsonb_agg((to_jsonb(page) - 'org_id') || jsonb_build_object('whatsapp_link', members.whatsapp_link(page.phone, v_code)) order by page.record_id desc)
    into v_items
    from (
        select r.*
        from api.records r
        where r.assigned_to = (select app.uid())
          and r.module = p_module
          and r.status = 'assigned'
          and (p_product_id is null or r.product_id = p_product_id)
          and (p_database_id is null or r.database_id = p_database_id)
          and (p_validation_status is null or coalesce(r.validation_status, 'none') = p_validation_status)
          and (v_after is null or r.record_id < v_after)
        order by r.record_id desc
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

comment on function api.members_staff_records(text, bigint, bigint, text, integer, jsonb) is
    'p_validation_status: validated, invalid, none or null for all; p_limit 1–100; p_after: `next` of the page before. Newest record first. Returns {items: rows of api.records with whatsapp_link, next}. Raises PT401, PT403, PT422 (spec: member §5.10 staff record list).';
revoke all on function api.members_staff_records(text, bigint, bigint, text, integer, jsonb) from public;
grant execute on function api.members_staff_records(text, bigint, bigint, text, integer, jsonb) to authenticated;
