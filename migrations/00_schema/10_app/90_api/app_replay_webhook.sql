-- Sends again what a webhook did not get, or what its receiver has lost.

create or replace function api.app_replay_webhook(p_webhook_id bigint, payload jsonb default '{}') returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most constant integer := 1000;
    v_request jsonb := jsonb_build_object('webhook_id', p_webhook_id, 'payload', payload);
    v_wanted jsonb;
    v_answer jsonb;
    v_ids bigint[];
    v_keys text[];
    v_more boolean;
begin
    perform app.require('webhooks', 'update');
    v_wanted := app.read_payload('webhook', payload, '{"delivery_ids": {"kind": "ids", "minimum": 1, "maximum": 1000}}');
    v_answer := app.replay('app_replay_webhook', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.take_webhook(p_webhook_id);

    if v_wanted ? 'delivery_ids' then
        v_ids := array(
            select d.delivery_id
            from app.webhook_deliveries d
            where d.org_id = app.org_id()
              and d.webhook_id = p_webhook_id
              and d.delivery_id = any (array(select jsonb_array_elements_text(v_wanted -> 'delivery_ids')::bigint))
              and d.state in ('sent', 'dead')
        );
    else
        v_ids := array(
            select d.delivery_id
            from app.webhook_deliveries d
            where d.org_id = app.org_id() and d.webhook_id = p_webhook_id and d.state = 'dead'
            order by d.delivery_id
            limit c_most + 1
        );
    end if;
    v_more := cardinality(v_ids) > c_most;

    with again as (
        update app.webhook_deliveries d
        set state = 'queued', attempts = 0, next_attempt_at = app.now(), settled_at = null
        where d.org_id = app.org_id() and d.delivery_id = any (v_ids[:c_most])
        returning d.key
    )
    select array_agg(a.key) into v_keys from again a;
    perform app.ready_next_webhooks(app.org_id(), p_webhook_id, v_keys);
    update app.notifications n
    set resolved_at = app.now()
    where n.org_id = app.org_id()
      and n.topic = 'webhooks.dead'
      and n.entity_id = p_webhook_id::text
      and n.resolved_at is null;
    if v_keys is not null then
        perform app.emit('webhooks.replayed', array[p_webhook_id::text], array['webhooks']);
    end if;
    return app.remember(
        'app_replay_webhook', v_request,
        jsonb_build_object('webhook_id', p_webhook_id, 'replayed', coalesce(cardinality(v_keys), 0), 'more', v_more)
    );
end
$$;

comment on function api.app_replay_webhook(bigint, jsonb) is
    'payload {delivery_ids}: up to 1000 that were sent or are dead; without: the earliest 1000 dead ones. They are sent again with their message ids, in order for each key, from their first attempt on. Returns {webhook_id, replayed, more}. Raises PT403, PT404 webhook.not_found, PT422 (design §8).';
revoke all on function api.app_replay_webhook(bigint, jsonb) from public;
grant execute on function api.app_replay_webhook(bigint, jsonb) to authenticated;
