-- What became of events that a webhook was to hear of, newest first; with state dead: the list of dead letters.

create or replace function api.app_list_webhook_deliveries(
    p_webhook_id bigint,
    p_state text default null,
    p_limit integer default 50,
    p_after jsonb default null
) returns jsonb
language plpgsql
stable
-- A filter that is not given must not be planned for.
set plan_cache_mode = force_custom_plan
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_before bigint := coalesce((p_after ->> 'delivery_id')::bigint, 9223372036854775807);
    v_items jsonb;
    v_ids bigint[];
begin
    perform api.app_get_webhook(p_webhook_id);
    select jsonb_agg(to_jsonb(d) - 'org_id' order by d.delivery_id desc), array_agg(d.delivery_id order by d.delivery_id desc)
    into v_items, v_ids
    from (
        select v.*
        from api.webhook_deliveries v
        where v.org_id = (select app.org_id())
          and v.webhook_id = p_webhook_id
          and v.delivery_id < v_before
          and (p_state is null or v.state = p_state)
        order by v.delivery_id desc
        limit v_limit + 1
    ) d;
    return jsonb_build_object(
        'items', coalesce(v_items - v_limit, '[]'),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('delivery_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.app_list_webhook_deliveries(bigint, text, integer, jsonb) is
    'p_state: queued, ready, sent or dead, null = all; p_limit 1–100; p_after: `next` of the page before. Returns {items: rows of api.webhook_deliveries, next}. Raises PT401, PT403, PT404 webhook.not_found (design §8).';
revoke all on function api.app_list_webhook_deliveries(bigint, text, integer, jsonb) from public;
grant execute on function api.app_list_webhook_deliveries(bigint, text, integer, jsonb) to authenticated;
