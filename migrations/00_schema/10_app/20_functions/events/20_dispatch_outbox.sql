-- Sends what mutations appended to the outbox, a batch for each call: marks the rows, notifies listeners and queues for webhooks, all or nothing.

create or replace function app.dispatch_outbox(p_holder text, p_limit integer default 5000) returns integer
language plpgsql
volatile
security definer -- app.outbox has no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
    v_channel text;
begin
    -- Asked some times a second: where nothing waits, nothing is written.
    if not exists (select from app.outbox o where o.sent_at is null) then
        return 0;
    end if;
    perform app.hold_lease('dispatcher', p_holder);
    v_channel := app.event_channel();
    -- Queues of webhooks are lengthened under this lock and shortened under its exclusive form (app.settle_webhooks).
    perform from app.webhooks w where w.is_active order by w.org_id, w.webhook_id for share;

    -- In order of id, which for each key is the order of commits: who wrote a key second did so after the first had committed, so
    -- drew a higher id, and is never seen without the first. Rows that become visible later belong to other keys. (Waiting for
    -- older transactions, xid < pg_snapshot_xmin, would break this: xids are not drawn in the order of locks, so the second one can
    -- be older than a transaction that still runs and the first one younger.)
    with sent as (
        update app.outbox o
        set sent_at = clock_timestamp()
        -- By place: the same plan whatever statistics say of a table that fills and empties.
        where o.ctid = any (
            array(
                select w.ctid
                from app.outbox w
                where w.sent_at is null
                order by w.id
                limit p_limit
            )
        )
        returning o.org_id, o.id, o.topic, o.cache_tags, left(o.key, 200) as key, o.payload, o.created_at
    ),
    queued as (
        insert into app.webhook_deliveries (
            org_id, webhook_id, event_id, topic, key, tags, payload, occurred_at, state, next_attempt_at
        )
        select
            s.org_id, w.webhook_id, s.id, s.topic, s.key, s.cache_tags, s.payload, s.created_at,
            case
                when row_number() over (partition by w.webhook_id, s.key order by s.id) = 1 and not exists (
                    select
                    from app.webhook_deliveries d
                    where d.org_id = s.org_id
                      and d.webhook_id = w.webhook_id
                      and d.key = s.key
                      and d.state in ('queued', 'ready')
                ) then 'ready'
                else 'queued'
            end,
            app.now()
        from sent s
        join app.webhooks w on w.org_id = s.org_id and w.is_active and app.topic_matches(s.topic, w.topics)
        order by s.id
    ),
    -- An import emits an event for each lead: listeners are told once.
    told as (
        select
            jsonb_build_object(
                'org_id', s.org_id, 'topic', s.topic, 'tags', s.cache_tags, 'count', count(*), 'last_id', max(s.id)
            ) as payload,
            count(*) as event_count
        from sent s
        group by s.org_id, s.topic, s.cache_tags
        order by min(s.id)
    ),
    -- NOTIFY here and nowhere else: it serialises commits, and mutations must not wait for each other (design §8).
    published as (
        select pg_notify(v_channel, t.payload::text), t.event_count
        from told t
    )
    select coalesce(sum(p.event_count), 0)::integer
    into v_count
    from published p;

    return v_count;
end
$$;

comment on function app.dispatch_outbox(text, integer) is
    'Marks up to p_limit unsent events as sent, in order of id, and notifies app.event_channel() in the same transaction: {org_id, topic, tags, count, last_id}, one for each organisation, topic and tags. In the same transaction each event is queued for the webhooks that want it. Returns how many events it sent; 0 = nothing waits. p_holder must have the lease dispatcher, else PT409 lease.lost. Rule: design §8.';
revoke all on function app.dispatch_outbox(text, integer) from public;
grant execute on function app.dispatch_outbox(text, integer) to pgcrm_worker;
