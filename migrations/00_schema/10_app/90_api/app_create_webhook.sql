-- Adds a webhook; its secret is shown in this answer and never again.

create or replace function api.app_create_webhook(payload jsonb) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc, and app.webhook_secrets has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most constant integer := 50;
    v_wanted jsonb;
    v_answer jsonb;
    v_id bigint;
    v_secret bytea := app.new_webhook_secret();
begin
    perform app.require('webhooks', 'insert');
    v_wanted := app.read_webhook(payload, true);
    v_answer := app.replay('app_create_webhook', payload);
    if v_answer is not null then
        return v_answer;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('webhooks|' || app.org_id(), 0));
    if (select count(*) from app.webhooks w where w.org_id = app.org_id() and w.deleted_at is null) >= c_most then
        perform app.fail('PT409', 'webhook.limit', format('An organisation has at most %s webhooks.', c_most));
    end if;

    insert into app.webhooks (org_id, url, topics, description, created_by)
    values (
        app.org_id(), v_wanted ->> 'url', array(select distinct jsonb_array_elements_text(v_wanted -> 'topics') order by 1),
        v_wanted ->> 'description', app.uid()
    )
    returning webhook_id into v_id;
    insert into app.webhook_secrets (org_id, webhook_id, secret) values (app.org_id(), v_id, v_secret);
    perform app.emit('webhooks.created', array[v_id::text], array['webhooks']);
    return app.remember(
        'app_create_webhook', payload,
        app.webhook_as_json(app.org_id(), v_id) || jsonb_build_object('secret', app.webhook_secret_text(v_secret))
    );
end
$$;

comment on function api.app_create_webhook(jsonb) is
    'payload {url, topics, description}; topics such as leads.created, leads.* or *. Returns the webhook as app.webhook_as_json with its secret (whsec_…), which no other answer shows; a repetition with the same Idempotency-Key shows it again within 24 hours. Raises PT403, PT409 webhook.limit, PT422 (design §8).';
revoke all on function api.app_create_webhook(jsonb) from public;
grant execute on function api.app_create_webhook(jsonb) to authenticated;
