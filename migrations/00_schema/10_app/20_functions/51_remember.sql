-- Keeps the answer of a mutation under the caller's Idempotency-Key, in the mutation's own transaction.

create or replace function app.remember(p_operation text, p_request jsonb, p_response jsonb) returns jsonb
language plpgsql
security definer -- app.idempotency_keys has no grant
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text := app.request_context('idempotency_key');
begin
    if v_key is not null then
        insert into app.idempotency_keys as k (org_id, user_id, operation, key, request_hash, response)
        values (
            app.org_id(),
            app.uid(),
            p_operation,
            v_key,
            encode(sha256(convert_to(p_request::text, 'UTF8')), 'hex'),
            p_response::text
        )
        -- Only an answer older than 24 hours can be in the way: app.replay has looked under the lock.
        on conflict (org_id, user_id, operation, key) do update
        set request_hash = excluded.request_hash,
            response = excluded.response,
            created_at = now();
    end if;
    return p_response;
end
$$;

comment on function app.remember(text, jsonb, jsonb) is
    'Stores the answer for the caller''s Idempotency-Key (nothing without one) and returns it. Call app.replay first (design §5).';
revoke all on function app.remember(text, jsonb, jsonb) from public;
grant execute on function app.remember(text, jsonb, jsonb) to authenticated;
