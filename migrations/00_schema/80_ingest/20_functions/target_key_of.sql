-- Where the rows of a file go, as far as its options say.

create or replace function ingest.target_key_of(p_module text, p_options jsonb) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    -- No module has a choice of targets but that of member records.
    select case
        when p_module = 'member_records' then concat_ws('|', p_options ->> 'record_module', p_options ->> 'product_id')
        else ''
    end
$$;

comment on function ingest.target_key_of(text, jsonb) is
    'p_options: normalised. The same file for another target is another import; '''' where there is one target only (decisions §5.10).';
revoke all on function ingest.target_key_of(text, jsonb) from public;
