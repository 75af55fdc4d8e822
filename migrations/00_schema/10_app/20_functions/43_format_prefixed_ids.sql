-- A block of readable ids of one prefix and day: what app.format_prefixed_id makes, without a call for each.

create or replace function app.format_prefixed_ids(p_prefix text, p_day date, p_first bigint, p_count bigint)
returns text[]
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_stem text := p_prefix || to_char(p_day, 'DDMMYY');
begin
    return array(
        select v_stem || lpad(n::text, greatest(4, length(n::text)), '0')
        from generate_series(p_first, p_first + p_count - 1) n
    );
end
$$;

comment on function app.format_prefixed_ids(text, date, bigint, bigint) is
    'The p_count ids from number p_first on, as app.format_prefixed_id writes each (spec: command_center §2.2, pitfall P7).';
revoke all on function app.format_prefixed_ids(text, date, bigint, bigint) from public;
