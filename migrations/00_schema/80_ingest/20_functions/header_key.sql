-- What a header is known by: its names, whatever their order.

create or replace function ingest.header_key(p_header text[]) returns bytea
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select sha256(convert_to(to_jsonb(array(select h from unnest(p_header) h order by h collate "C"))::text, 'UTF8'))
$$;

comment on function ingest.header_key(text[]) is 'SHA-256 of the names in a header, in any order (design §7).';
revoke all on function ingest.header_key(text[]) from public;
