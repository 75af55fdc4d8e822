-- The stored answer to a repeated request, or null when this one is the first.

create or replace function app.replay(p_operation text, p_request jsonb) returns jsonb
language plpgsql
security definer -- app.idempotency_keys has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := app.request_context('idempotency_key');
    v_stored record;
begin
    if v_key is null then
        return null;
    end if;

    -- Two at once: the second waits here until the first has committed, then finds its answer.
    perform pg_advisory_xact_lock(
        hashtextextended(concat_ws('|', 'idempotency', app.org_id(), app.uid(), p_operation, v_key), 0)
    );

    select k.request_hash, k.response
    into v_stored
    from app.idempotency_keys k
    where k.org_id = app.org_id()
      and k.user_id = app.uid()
      and k.operation = p_operation
      and k.key = v_key
      and k.created_at > now() - interval '24 hours';
    if not found then
        return null;
    end if;

    if v_stored.request_hash <> encode(sha256(convert_to(p_request::text, 'UTF8')), 'hex') then
        perform app.fail(
            'PT422',
            'idempotency.payload_mismatch',
            'This Idempotency-Key was used with another request.',
            p_operation
        );
    end if;

    perform set_config('pgcrm.replayed', 'true', true);
    return v_stored.response::jsonb;
end
$$;

comment on function app.replay(text, jsonb) is
    'Stored answer for the caller''s Idempotency-Key and operation, null when there is none. Raises PT422 idempotency.payload_mismatch when the key came with another request. Serialises callers with the same key (design §5).';
revoke all on function app.replay(text, jsonb) from public;
grant execute on function app.replay(text, jsonb) to authenticated;
