-- The caller's own cards with their records: batches, or databases where there are no batches.

create or replace function api.members_staff_batches(
    p_module text,
    p_product_id bigint default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
-- What a record replaces is found by its key, record by record: all assignments there are were gone through for it otherwise,
-- and without statistics for each record.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'id')::bigint;
    -- Once: within the query it was asked for each record, which took most of the time where statistics had the page small.
    v_code text := members.calling_code();
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('records', 'validate');
    perform members.check_card_module(p_module);

    -- A card's place is its batch, or its database; newest first. Asked of the table: the view looks up what each record replaces.
    v_ids := array(
        select distinct coalesce(r.batch_id, r.database_id) as id
        from members.records r
        join members.databases d on d.org_id = r.org_id and d.database_id = r.database_id
        where r.org_id = (select app.org_id())
          and r.assigned_to = (select app.uid())
          and r.module = p_module
          and r.status = 'assigned'
          and (p_product_id is null or d.product_id = p_product_id)
          and (v_after is null or coalesce(r.batch_id, r.database_id) < v_after)
        order by id desc
        limit v_limit + 1
    );

    -- As json, which is text put together, and jsonb once at the end: a thousand records would be copied for each thing around them.
    select json_agg(
        json_build_object(
            'batch_id', c.batch_id,
            'database_id', c.database_id,
            'database_name', c.database_name,
            'product_id', c.product_id,
            'product_name', c.product_name,
            'custom_name', b.custom_name,
            'created_at', coalesce(b.created_at, c.assigned_at),
            'initial_count', b.initial_count,
            'current_count', c.active_count,
            'active_count', c.active_count,
            'validated_count', c.validated_count,
            'invalid_count', c.invalid_count,
            'unvalidated_count', c.active_count - c.validated_count - c.invalid_count,
            'records', c.records
        )
        order by c.id desc
    )::jsonb
    into v_items
    from (
        select
            coalesce(r.batch_id, r.database_id) as id, r.batch_id, r.database_id, r.database_name, r.product_id, r.product_name,
            min(r.assigned_at) as assigned_at,
            count(*) as active_count,
            count(*) filter (where r.validation_status = 'validated') as validated_count,
            count(*) filter (where r.validation_status = 'invalid') as invalid_count,
            json_agg(f.record order by r.record_id) as records
        from api.records r
        cross join lateral (
            select row_to_json(w) as record
            from (
                select
                    r.record_id, r.row_number, r.row_data, r.customer_id, r.customer_name, r.phone, r.status, r.assigned_at, r.assigned_by,
                    r.validation_status, r.validation_reason, r.validated_at, r.auto_replaced, r.replaced_invalid_ids,
                    r.archived_at, r.archived_by, r.is_reservation_conflict, r.created_at,
                    members.whatsapp_link(r.phone, v_code) as whatsapp_link
            ) w
        ) f
        where r.assigned_to = (select app.uid())
          and r.module = p_module
          and r.status = 'assigned'
          and coalesce(r.batch_id, r.database_id) = any (v_ids[:v_limit])
        group by r.batch_id, r.database_id, r.database_name, r.product_id, r.product_name
    ) c
    left join api.batches b on b.batch_id = c.batch_id;

    return jsonb_build_object(
        'items', coalesce(v_items, '[]'),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.members_staff_batches(text, bigint, integer, jsonb) is
    'p_product_id: null = of all products; p_limit 1–100 cards; p_after: `next` of the page before. Returns {items: [{batch_id, database_id, database_name, product_id, product_name, custom_name, created_at, initial_count, current_count, active_count, validated_count, invalid_count, unvalidated_count, records}], next}; active = validated + invalid + unvalidated. Raises PT401, PT403, PT422 (spec: member §5.10, case 100; bonanza by database, §5.16).';
revoke all on function api.members_staff_batches(text, bigint, integer, jsonb) from public;
grant execute on function api.members_staff_batches(text, bigint, integer, jsonb) to authenticated;
