-- A text as patterns of names see it: neither case nor what stands between the words.

create or replace function desk.squeezed(p_text text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Capitals, since a pattern takes a letter's capital for it: some small letters share one. A text in which
    -- desk.mask_patterns finds a name has the name squeezed in the text squeezed; not the other way round.
    return upper(regexp_replace(p_text, '[^0-9[:alpha:]]+', '', 'g'));
end
$$;

comment on function desk.squeezed(text) is 'Letters and digits of p_text in capitals; null for null.';
revoke all on function desk.squeezed(text) from public;
