-- A webhook as answers show it: without its secret, with how much waits and how much is dead.

create or replace function app.webhook_as_json(p_org_id uuid, p_webhook_id bigint) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'webhook_id', w.webhook_id,
        'url', w.url,
        'topics', to_jsonb(w.topics),
        'description', w.description,
        'is_active', w.is_active,
        'created_by', w.created_by,
        'created_at', w.created_at,
        'updated_at', w.updated_at,
        -- Up to a thousand: an exact number of what waits is worth no long count.
        'waiting', (
            select count(*)
            from (
                select from app.webhook_deliveries d
                where d.org_id = w.org_id and d.webhook_id = w.webhook_id and d.state in ('queued', 'ready')
                limit 1000
            ) as counted
        ),
        'dead', (
            select count(*)
            from (
                select from app.webhook_deliveries d
                where d.org_id = w.org_id and d.webhook_id = w.webhook_id and d.state = 'dead'
                limit 1000
            ) as counted
        )
    )
    from app.webhooks w
    where w.org_id = p_org_id and w.webhook_id = p_webhook_id
$$;

comment on function app.webhook_as_json(uuid, bigint) is
    'Returns {webhook_id, url, topics, description, is_active, created_by, created_at, updated_at, waiting, dead}; the last two count to 1000. Invoker: under the caller''s policies, or the owner''s. Rule: design §8.';
revoke all on function app.webhook_as_json(uuid, bigint) from public;
grant execute on function app.webhook_as_json(uuid, bigint) to authenticated;
