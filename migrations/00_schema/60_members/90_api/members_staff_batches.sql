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
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_after bigint := (p_after ->> 'id')::bigint;
    v_ids bigint[];
    v_items jsonb;
begin
    perform app.require('records', 'validate');
    perform members.check_card_module(p_module);

    -- A card's place is its batch, or its database; newest first.
    v_ids := array(
        select distinct coalesce(r.batch_id, r.database_id) as id
        from api.records r
        where r.assigned_to = (select app.uid())
          and r.module = p_module
          and r.status = 'assigned'
          and (p_product_id is null or r.product_id = p_product_id)
          and (v_after is null or coalesce(r.batch_id, r.database_id) < v_after)
        order by id desc
        limit v_limit + 1
    );

    select jsonb_agg(card.card order by card.id desc)
    into v_items
    from (
        select
            coalesce(r.batch_id, r.database_id) as id,
            jsonb_build_object(
                'batch_id', r.batch_id,
                'database_id', r.database_id,
                'database_name', r.database_name,
                'product_id', r.product_id,
                'product_name', r.product_name,
                'custom_name', b.custom_name,
                'created_at', coalesce(b.created_at, min(r.assigned_at)),
                'initial_count', b.initial_count,
                'current_count', count(*),
                'active_count', count(*),
                'validated_count', count(*) filter (where r.validation_status = 'validated'),
                'invalid_count', count(*) filter (where r.validation_status = 'invalid'),
                'unvalidated_count', count(*) filter (where r.validation_status is null),
                'records', jsonb_agg(
                    (
                        to_jsonb(r)
                        - '{org_id,module,database_id,database_name,product_id,product_name,batch_id,assigned_to}'::text[]
                        -- What normal databases have beside that.
                        - '{request_id,whatsapp_status,whatsapp_status_updated_at,respond_status,respond_status_updated_at}'::text[]
                    )
                    || jsonb_build_object('whatsapp_link', members.whatsapp_link(r.phone, v.calling_code))
                    order by r.record_id
                )
            ) as card
        from api.records r
        left join api.batches b on b.batch_id = r.batch_id
        cross join (select members.calling_code() as calling_code) v
        where r.assigned_to = (select app.uid())
          and r.module = p_module
          and r.status = 'assigned'
          and coalesce(r.batch_id, r.database_id) = any (v_ids[:v_limit])
        group by r.batch_id, r.database_id, r.database_name, r.product_id, r.product_name, b.custom_name, b.created_at, b.initial_count
    ) card;

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
