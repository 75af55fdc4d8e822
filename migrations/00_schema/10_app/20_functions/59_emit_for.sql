-- Appends events of an organisation to the outbox, for code that works for nobody in particular.

create or replace function app.emit_for(p_org_id uuid, p_topic text, p_keys text[], p_cache_tags text[], p_payload jsonb default '{}')
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into app.outbox (org_id, topic, key, payload, cache_tags)
    select p_org_id, p_topic, k.key, p_payload, p_cache_tags
    from unnest(p_keys) with ordinality as k (key, position)
    order by k.position;
end
$$;

comment on function app.emit_for(uuid, text, text[], text[], jsonb) is
    'One event per key for organisation p_org_id: for functions of the owner, jobs among them; others call app.emit. p_topic: <resource>.<what happened>; p_cache_tags: resources that readers should read again; p_payload: ids only, no personal data (design §8).';
revoke all on function app.emit_for(uuid, text, text[], text[], jsonb) from public;
