-- What became of deliveries that were claimed: sent, to be tried again, or dead; then the next of their keys.

create or replace function app.settle_webhooks(p_org_id uuid, p_webhook_id bigint, p_results jsonb) returns void
language plpgsql
volatile
security definer -- these tables have no grant for it; the worker alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first integer := (app.setting_of(p_org_id, 'webhook_first_retry_seconds') #>> '{}')::integer;
    v_most integer := (app.setting_of(p_org_id, 'webhook_attempts') #>> '{}')::integer;
    v_settled jsonb;
begin
    -- The dispatcher adds to the queues of keys under the shared form of this lock.
    perform from app.webhooks w where w.org_id = p_org_id and w.webhook_id = p_webhook_id for no key update;

    with told as (
        select r.delivery_id, r.attempt, r.status, r.error, r.retry_after, coalesce(r.status between 200 and 299, false) as is_ok
        from jsonb_to_recordset(p_results) as r (delivery_id bigint, attempt integer, status integer, error text, retry_after integer)
    ),
    judged as (
        select
            t.*,
            case when t.is_ok then 'sent' when t.attempt >= v_most or t.status = 410 then 'dead' else 'ready' end as state,
            -- Twice as long after each failure, at most six hours, never at the same moment for all.
            greatest(
                least(v_first * 2.0 ^ least(t.attempt - 1, 20), 21600) * (1 + random() / 10),
                least(coalesce(t.retry_after, 0), 21600)
            ) as pause
        from told t
    ),
    settled as (
        update app.webhook_deliveries d
        set state = j.state,
            next_attempt_at = app.now() + make_interval(secs => j.pause),
            settled_at = case when j.state <> 'ready' then app.now() end,
            last_status = j.status,
            last_error = case when not j.is_ok then left(coalesce(j.error, 'HTTP ' || j.status), 500) end
        from judged j
        where d.org_id = p_org_id
          and d.webhook_id = p_webhook_id
          and d.delivery_id = j.delivery_id
          -- Whoever comes back late has lost its claim.
          and d.attempts = j.attempt
          and d.state = 'ready'
        returning d.key, d.state, d.last_status
    )
    select jsonb_agg(to_jsonb(s)) into v_settled from settled s where s.state <> 'ready';
    if v_settled is null then
        return;
    end if;

    perform app.ready_next_webhooks(p_org_id, p_webhook_id, array(select s ->> 'key' from jsonb_array_elements(v_settled) s));
    if v_settled @> '[{"state": "dead"}]' then
        perform app.report_dead_webhook(p_org_id, p_webhook_id);
    end if;
    if v_settled @> '[{"state": "dead", "last_status": 410}]' then
        update app.webhooks w
        set is_active = false
        where w.org_id = p_org_id and w.webhook_id = p_webhook_id and w.is_active;
    end if;
end
$$;

comment on function app.settle_webhooks(uuid, bigint, jsonb) is
    'p_results: [{delivery_id, attempt, status, error, retry_after}] of one webhook: status of the answer or null, error for people, retry_after in seconds or null. 2xx = sent; else tried again after webhook_first_retry_seconds, doubled each time up to six hours, not before retry_after; dead after webhook_attempts. 410 = dead, and the webhook is switched off. A result of an older claim changes nothing. Rule: design §8.';
revoke all on function app.settle_webhooks(uuid, bigint, jsonb) from public;
grant execute on function app.settle_webhooks(uuid, bigint, jsonb) to pgcrm_worker;
