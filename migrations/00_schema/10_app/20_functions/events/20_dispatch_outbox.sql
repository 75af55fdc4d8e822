-- Sends what mutations appended to the outbox, a batch for each call: marks the rows and notifies listeners, both or neither.

create or replace function app.dispatch_outbox(p_holder text, p_limit integer default 5000) returns integer
language plpgsql
volatile
security definer -- app.outbox has no grant; the worker alone
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    -- Asked some times a second: where nothing waits, nothing is written.
    if not exists (
        select from app.outbox o where o.sent_at is null and o.xid < pg_snapshot_xmin(pg_current_snapshot())
    ) then
        return 0;
    end if;
    perform app.hold_lease('dispatcher', p_holder);

    -- Rows of a transaction that is younger than a running one wait: the running one may still commit rows with lower ids.
    -- Among the others the order of ids is, for each key, the order in which they were committed: who wrote a key second did so
    -- after the first had committed, and drew a higher id.
    with sent as (
        update app.outbox o
        set sent_at = clock_timestamp()
        -- By place: the same plan whatever statistics say of a table that fills and empties.
        where o.ctid = any (
            array(
                select w.ctid
                from app.outbox w
                where w.sent_at is null
                  and w.xid < pg_snapshot_xmin(pg_current_snapshot())
                order by w.id
                limit p_limit
            )
        )
        returning o.org_id, o.id, o.topic, o.cache_tags
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
        select pg_notify('pgcrm_events', t.payload::text), t.event_count
        from told t
    )
    select coalesce(sum(p.event_count), 0)::integer
    into v_count
    from published p;

    return v_count;
end
$$;

comment on function app.dispatch_outbox(text, integer) is
    'Marks up to p_limit unsent events as sent, in order of id, and notifies channel pgcrm_events in the same transaction: {org_id, topic, tags, count, last_id}, one for each organisation, topic and tags. Returns how many events it sent; 0 = nothing waits. p_holder must have the lease dispatcher, else PT409 lease.lost. Rule: design §8.';
revoke all on function app.dispatch_outbox(text, integer) from public;
grant execute on function app.dispatch_outbox(text, integer) to pgcrm_worker;
