-- Appends events to the outbox, in the transaction that made them true.

create or replace function app.emit(p_topic text, p_keys text[], p_cache_tags text[] default '{}', p_payload jsonb default '{}')
returns void
language plpgsql
security definer -- app.outbox has no grant
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.emit_for(app.org_id(), p_topic, p_keys, p_cache_tags, p_payload);
end
$$;

comment on function app.emit(text, text[], text[], jsonb) is
    'One event per key for the caller''s organisation. p_cache_tags: what readers should read again; p_payload: ids only, no personal data (design §8).';
revoke all on function app.emit(text, text[], text[], jsonb) from public;
grant execute on function app.emit(text, text[], text[], jsonb) to authenticated;
