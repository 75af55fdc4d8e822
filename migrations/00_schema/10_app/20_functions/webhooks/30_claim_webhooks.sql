-- What is to be sent now, with everything that takes.

create or replace function app.claim_webhooks(p_limit integer, p_busy bigint[] default '{}')
returns table (
    org_id uuid,
    webhook_id bigint,
    delivery_id bigint,
    attempt integer,
    url text,
    secrets text[],
    message_id text,
    body text
)
language plpgsql
volatile
security definer -- these tables have no grant for it; the worker alone
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with due as (
        select d.org_id, d.delivery_id
        from app.webhooks w
        -- Ten of each: a slow receiver keeps nobody else waiting.
        cross join lateral (
            select x.org_id, x.delivery_id
            from app.webhook_deliveries x
            where x.org_id = w.org_id
              and x.webhook_id = w.webhook_id
              and x.state = 'ready'
              and x.next_attempt_at <= app.now()
            order by x.next_attempt_at
            limit 10
            for update skip locked
        ) d
        where w.is_active
          and w.deleted_at is null
          and w.webhook_id <> all (p_busy)
        order by random()
        limit p_limit
    ),
    claimed as (
        -- Counted before it is tried. Whoever claims it and is killed leaves it to others in a minute.
        update app.webhook_deliveries d
        set attempts = d.attempts + 1, next_attempt_at = app.now() + interval '1 minute', last_attempt_at = app.now()
        from due
        where d.org_id = due.org_id and d.delivery_id = due.delivery_id
        returning d.*
    )
    select
        c.org_id, c.webhook_id, c.delivery_id, c.attempts, w.url,
        array_remove(
            array[
                app.webhook_secret_text(s.secret),
                case when s.previous_until > app.now() then app.webhook_secret_text(s.previous_secret) end
            ],
            null
        ),
        'msg_' || c.delivery_id,
        -- The same bytes at each attempt.
        jsonb_build_object(
            'type', c.topic,
            'timestamp', to_char(c.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'data', jsonb_build_object('key', c.key, 'tags', to_jsonb(c.tags), 'payload', c.payload)
        )::text
    from claimed c
    join app.webhooks w on w.org_id = c.org_id and w.webhook_id = c.webhook_id
    join app.webhook_secrets s on s.org_id = c.org_id and s.webhook_id = c.webhook_id
    order by c.delivery_id;
end
$$;

comment on function app.claim_webhooks(integer, bigint[]) is
    'At most p_limit deliveries that are due, none of the webhooks p_busy, for a minute the caller''s: where to, signed by which secrets, and the body {type, timestamp, data {key, tags, payload}}. Of each key only the earliest that is not settled is ever due. Then call app.settle_webhooks. Rule: design §8.';
revoke all on function app.claim_webhooks(integer, bigint[]) from public;
grant execute on function app.claim_webhooks(integer, bigint[]) to pgcrm_worker;
