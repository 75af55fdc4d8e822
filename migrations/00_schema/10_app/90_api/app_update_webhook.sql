-- Changes where a webhook goes, what it hears of, or whether it is on.

create or replace function api.app_update_webhook(p_webhook_id bigint, payload jsonb) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('webhook_id', p_webhook_id, 'payload', payload);
    v_wanted jsonb;
    v_answer jsonb;
begin
    perform app.require('webhooks', 'update');
    v_wanted := app.read_webhook(payload, false);
    v_answer := app.replay('app_update_webhook', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.take_webhook(p_webhook_id);

    update app.webhooks w
    set url = coalesce(v_wanted ->> 'url', w.url),
        topics = case
            when v_wanted ? 'topics' then array(select distinct jsonb_array_elements_text(v_wanted -> 'topics') order by 1)
            else w.topics
        end,
        description = case when payload ? 'description' then v_wanted ->> 'description' else w.description end,
        is_active = coalesce((v_wanted ->> 'is_active')::boolean, w.is_active)
    where w.org_id = app.org_id() and w.webhook_id = p_webhook_id;
    perform app.emit('webhooks.updated', array[p_webhook_id::text], array['webhooks']);
    return app.remember('app_update_webhook', v_request, app.webhook_as_json(app.org_id(), p_webhook_id));
end
$$;

comment on function api.app_update_webhook(bigint, jsonb) is
    'payload: any of {url, topics, description, is_active}; description null takes it away. Switched off, it hears of nothing new, and what waits is sent when it is switched on again. Returns the webhook. Raises PT403, PT404 webhook.not_found, PT422 (design §8).';
revoke all on function api.app_update_webhook(bigint, jsonb) from public;
grant execute on function api.app_update_webhook(bigint, jsonb) to authenticated;
