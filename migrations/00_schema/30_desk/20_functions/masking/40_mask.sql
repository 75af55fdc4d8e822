-- A text without what patterns find in it.

create or replace function desk.mask(p_text text, p_patterns text[]) returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case when p_patterns[2] is null then m.text else regexp_replace(m.text, p_patterns[2], '[masked]', 'g') end
    from (
        select case when p_patterns[1] is null then p_text else regexp_replace(p_text, p_patterns[1], '[masked]', 'gi') end as text
    ) m
$$;

comment on function desk.mask(text, text[]) is
    'p_text with [masked] wherever p_patterns, of desk.mask_patterns, match: the first whatever the case, the second as it is written.';
revoke all on function desk.mask(text, text[]) from public;
