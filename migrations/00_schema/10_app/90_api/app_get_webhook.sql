-- One webhook.

create or replace function api.app_get_webhook(p_webhook_id bigint) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('webhooks', 'select');
    if not exists (
        select from app.webhooks w
        where w.org_id = (select app.org_id()) and w.webhook_id = p_webhook_id and w.deleted_at is null
    ) then
        perform app.fail('PT404', 'webhook.not_found', 'There is no such webhook.', p_webhook_id::text);
    end if;
    return app.webhook_as_json(app.org_id(), p_webhook_id);
end
$$;

comment on function api.app_get_webhook(bigint) is
    'Returns the webhook as app.webhook_as_json. Raises PT401, PT403, PT404 webhook.not_found (design §8).';
revoke all on function api.app_get_webhook(bigint) from public;
grant execute on function api.app_get_webhook(bigint) to authenticated;
