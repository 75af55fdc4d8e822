-- What signs the deliveries of one webhook: 32 bytes that nobody guesses.

create or replace function app.new_webhook_secret() returns bytea
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    -- Three random uuids hold 366 bits; there is no pgcrypto everywhere.
    select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

comment on function app.new_webhook_secret() is '32 bytes from the server''s strong source of randomness. Rule: design §8.';
revoke all on function app.new_webhook_secret() from public;
