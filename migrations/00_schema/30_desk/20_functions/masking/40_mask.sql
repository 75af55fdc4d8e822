-- A text without what a pattern finds in it.

create or replace function desk.mask(p_text text, p_pattern text) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case when p_pattern is null then p_text else regexp_replace(p_text, p_pattern, '[masked]', 'gi') end
$$;

comment on function desk.mask(text, text) is 'p_text with [masked] wherever p_pattern, of desk.mask_patterns, matches.';
revoke all on function desk.mask(text, text) from public;
