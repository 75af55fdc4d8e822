-- The name of a column without what people vary: case, blanks, punctuation.

create or replace function ingest.fold_name(p_name text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select btrim(regexp_replace(lower(p_name), '[^[:alnum:]]+', '_', 'g'), '_')
$$;

comment on function ingest.fold_name(text) is
    'p_name: a header as in the file. "No. HP", "no-hp" and "NO_HP " are all no_hp (spec: command_center §3.7).';
revoke all on function ingest.fold_name(text) from public;
grant execute on function ingest.fold_name(text) to authenticated;
