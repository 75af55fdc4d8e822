-- Records of all databases and modules that the caller sees, newest first: what files of records are made from.

create or replace function api.members_all_records(p_filters jsonb default '{}', p_limit integer default 50, p_after jsonb default null)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
-- By key, from the newest on, also where nothing like it seems to be.
set enable_seqscan = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'record_id')::bigint;
    -- Said beside the policy, so that whoever sees few records finds them by an index.
    v_reach uuid[] := members.readable_staff();
    v_items jsonb;
begin
    perform app.require('records', 'select');
    select jsonb_agg(to_jsonb(page) - 'org_id' order by page.record_id desc)
    into v_items
    from (
        select r.*
        from api.records r
        where (v_reach is null or r.assigned_to = any (v_reach))
          and ((p_filters ->> 'module') is null or r.module = p_filters ->> 'module')
          and ((p_filters ->> 'product_id') is null or r.product_id = (p_filters ->> 'product_id')::bigint)
          and ((p_filters ->> 'database_id') is null or r.database_id = (p_filters ->> 'database_id')::bigint)
          and ((p_filters ->> 'staff_id') is null or r.assigned_to = (p_filters ->> 'staff_id')::uuid)
          and ((p_filters ->> 'status') is null or r.status = p_filters ->> 'status')
          and ((p_filters ->> 'validation_status') is null or r.validation_status = p_filters ->> 'validation_status')
          and ((p_filters ->> 'whatsapp_status') is null or r.whatsapp_status = p_filters ->> 'whatsapp_status')
          and ((p_filters ->> 'respond_status') is null or r.respond_status = p_filters ->> 'respond_status')
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

comment on function api.members_all_records(jsonb, integer, jsonb) is
    'p_filters {module, product_id, database_id, staff_id, status, validation_status, whatsapp_status, respond_status}; p_limit 1–100; p_after: `next` of the page before. Newest record first. Returns {items: rows of api.records, next}. Raises PT401, PT403 (spec: member §5.25 exports).';
revoke all on function api.members_all_records(jsonb, integer, jsonb) from public;
grant execute on function api.members_all_records(jsonb, integer, jsonb) to authenticated;
