-- Gives a webhook a new secret; for a day the old one signs as well, so that receivers can follow.

create or replace function api.app_rotate_webhook_secret(p_webhook_id bigint) returns jsonb
language plpgsql
volatile
security definer -- the matrix says rpc, and app.webhook_secrets has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request jsonb := jsonb_build_object('webhook_id', p_webhook_id);
    v_secret bytea := app.new_webhook_secret();
    v_answer jsonb;
begin
    perform app.require('webhooks', 'update');
    v_answer := app.replay('app_rotate_webhook_secret', v_request);
    if v_answer is not null then
        return v_answer;
    end if;
    perform app.take_webhook(p_webhook_id);

    update app.webhook_secrets s
    set previous_secret = s.secret, previous_until = app.now() + interval '24 hours', secret = v_secret
    where s.org_id = app.org_id() and s.webhook_id = p_webhook_id;
    perform app.audit_event(app.org_id(), 'app.webhook_secrets', p_webhook_id::text, 'ROTATE', app.uid());
    perform app.emit('webhooks.updated', array[p_webhook_id::text], array['webhooks']);
    return app.remember(
        'app_rotate_webhook_secret', v_request, v_request || jsonb_build_object('secret', app.webhook_secret_text(v_secret))
    );
end
$$;

comment on function api.app_rotate_webhook_secret(bigint) is
    'Returns {webhook_id, secret}; the secret is shown here and never again. The one before signs for 24 hours more, the one before that no longer. Raises PT403, PT404 webhook.not_found (design §8).';
revoke all on function api.app_rotate_webhook_secret(bigint) from public;
grant execute on function api.app_rotate_webhook_secret(bigint) to authenticated;
