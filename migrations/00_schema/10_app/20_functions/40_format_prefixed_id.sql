-- Readable ids: prefix, day, number; never truncated, a block at once for bulk work.

create or replace function app.format_prefixed_id(p_prefix text, p_day date, p_seq bigint, p_width integer default 4)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- lpad alone would cut 10000 to 1000 (pitfall P7): the width is a minimum.
    return p_prefix || to_char(p_day, 'DDMMYY')
        || lpad(p_seq::text, greatest(p_width, length(p_seq::text)), '0');
end
$$;

comment on function app.format_prefixed_id(text, date, bigint, integer) is
    'prefix + DDMMYY + number padded to at least p_width digits (spec: command_center §2.2).';
revoke all on function app.format_prefixed_id(text, date, bigint, integer) from public;
