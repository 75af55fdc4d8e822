-- A webhook's secret as Standard Webhooks writes it.

create or replace function app.webhook_secret_text(p_secret bytea) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select 'whsec_' || translate(encode(p_secret, 'base64'), E'\n', '')
$$;

comment on function app.webhook_secret_text(bytea) is 'whsec_ and base64, as libraries of Standard Webhooks take it. Rule: design §8.';
revoke all on function app.webhook_secret_text(bytea) from public;
