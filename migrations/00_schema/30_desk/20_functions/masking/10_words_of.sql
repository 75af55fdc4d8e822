-- The words of a text, in lower case: what spaces and punctuation leave.

create or replace function desk.words_of(p_text text) returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Every punctuation mark of ASCII, and the dashes and quotes that word processors put in their place. What is left is
    -- nothing special in a pattern.
    return array_remove(
        regexp_split_to_array(lower(p_text), '[\s\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a0\u2000-\u206f\ufeff]+'), ''
    );
end
$$;

comment on function desk.words_of(text) is 'Words of p_text in lower case, in order; none for null.';
revoke all on function desk.words_of(text) from public;
