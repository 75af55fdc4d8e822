-- A text without what patterns find in it.

create or replace function desk.mask(p_text text, p_patterns text[]) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_text;
begin
    if p_patterns[1] is not null then
        v_text := regexp_replace(v_text, p_patterns[1], '[masked]', 'gi');
    end if;
    if p_patterns[2] is not null then
        v_text := regexp_replace(v_text, p_patterns[2], '[masked]', 'g');
    end if;
    return v_text;
end
$$;

comment on function desk.mask(text, text[]) is
    'p_text with [masked] wherever p_patterns, of desk.mask_patterns, match: the first whatever the case, the second as it is written.';
revoke all on function desk.mask(text, text[]) from public;
