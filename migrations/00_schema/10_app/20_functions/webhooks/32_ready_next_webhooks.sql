-- Lets the next delivery of each key go, where none is on its way.

create or replace function app.ready_next_webhooks(p_org_id uuid, p_webhook_id bigint, p_keys text[]) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    update app.webhook_deliveries d
    set state = 'ready', next_attempt_at = app.now()
    from (select distinct k.key from unnest(p_keys) as k (key)) k
    cross join lateral (
        select q.delivery_id
        from app.webhook_deliveries q
        where q.org_id = p_org_id and q.webhook_id = p_webhook_id and q.state = 'queued' and q.key = k.key
        order by q.delivery_id
        limit 1
    ) following
    where d.org_id = p_org_id
      and d.delivery_id = following.delivery_id
      and not exists (
          select
          from app.webhook_deliveries r
          where r.org_id = p_org_id and r.webhook_id = p_webhook_id and r.state = 'ready' and r.key = k.key
      )
$$;

comment on function app.ready_next_webhooks(uuid, bigint, text[]) is
    'Of each of p_keys the earliest that is queued becomes ready, unless one is. Call it with the row of app.webhooks locked. Rule: design §8.';
revoke all on function app.ready_next_webhooks(uuid, bigint, text[]) from public;
