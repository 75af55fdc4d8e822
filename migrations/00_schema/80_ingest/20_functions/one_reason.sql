-- The list of reasons of a row that has one.

create or replace function ingest.one_reason(p_field text, p_code text, p_message text) returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_array(jsonb_build_object('field', p_field, 'code', p_code, 'message', p_message))
$$;

comment on function ingest.one_reason(text, text, text) is '[{field, code, message}], as ingest.import_rows.errors (design §7).';
revoke all on function ingest.one_reason(text, text, text) from public;
