-- The webhook that a request is about, locked; or the refusal.

create or replace function app.take_webhook(p_webhook_id bigint) returns app.webhooks
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook app.webhooks;
begin
    select w.*
    into v_webhook
    from app.webhooks w
    where w.org_id = app.org_id() and w.webhook_id = p_webhook_id and w.deleted_at is null
    for no key update;
    if not found then
        perform app.fail('PT404', 'webhook.not_found', 'There is no such webhook.', p_webhook_id::text);
    end if;
    return v_webhook;
end
$$;

comment on function app.take_webhook(bigint) is
    'Locks a webhook of the caller''s organisation and returns it. Raises PT404 webhook.not_found. For functions of the owner that have asked app.require. Rule: decisions §5.14.';
revoke all on function app.take_webhook(bigint) from public;
