-- Webhooks of the organisation, newest first.

create or replace function api.app_list_webhooks(p_limit integer default 50, p_after jsonb default null) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 100);
    v_ids bigint[];
begin
    perform app.require('webhooks', 'select');
    v_ids := array(
        select w.webhook_id
        from app.webhooks w
        where w.org_id = (select app.org_id())
          and w.deleted_at is null
          and w.webhook_id < coalesce((p_after ->> 'webhook_id')::bigint, 9223372036854775807)
        order by w.webhook_id desc
        limit v_limit + 1
    );
    return jsonb_build_object(
        'items', (
            select coalesce(jsonb_agg(app.webhook_as_json(app.org_id(), l.webhook_id) order by l.position), '[]')
            from unnest(v_ids[:v_limit]) with ordinality as l (webhook_id, position)
        ),
        'next', case when cardinality(v_ids) > v_limit then jsonb_build_object('webhook_id', v_ids[v_limit]) end
    );
end
$$;

comment on function api.app_list_webhooks(integer, jsonb) is
    'p_limit 1–100; p_after: `next` of the page before. Returns {items: [webhook], next}. Raises PT401, PT403 (design §8).';
revoke all on function api.app_list_webhooks(integer, jsonb) from public;
grant execute on function api.app_list_webhooks(integer, jsonb) to authenticated;
