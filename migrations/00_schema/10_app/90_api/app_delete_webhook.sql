-- Removes a webhook: nothing is sent to it any more, and what it was sent is forgotten by a job.

create or replace function api.app_delete_webhook(p_webhook_id bigint) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('webhook_id', p_webhook_id);
    v_answer jsonb;
begin
    perform app.require('webhooks', 'delete');
    v_answer := app.replay('app_delete_webhook', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.take_webhook(p_webhook_id);

    update app.webhooks w
    set deleted_at = app.now(), is_active = false
    where w.org_id = app.org_id() and w.webhook_id = p_webhook_id;
    delete from app.webhook_secrets s where s.org_id = app.org_id() and s.webhook_id = p_webhook_id;
    perform app.emit('webhooks.deleted', array[p_webhook_id::text], array['webhooks']);
    return app.remember('app_delete_webhook', v_request, v_request);
end
$$;

comment on function api.app_delete_webhook(bigint) is
    'Returns {webhook_id}. Its secret is gone at once, its deliveries by the job clean.webhooks. Raises PT403, PT404 webhook.not_found (design §8).';
revoke all on function api.app_delete_webhook(bigint) from public;
grant execute on function api.app_delete_webhook(bigint) to authenticated;
