-- A share in percent, with one decimal.

create or replace function members.rate(p_part bigint, p_whole bigint) returns numeric
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case when p_whole > 0 then round(100.0 * p_part / p_whole, 1) else 0.0 end
$$;

comment on function members.rate(bigint, bigint) is 'p_part of p_whole in percent, 0.0 of nothing (spec: member §5.5).';
revoke all on function members.rate(bigint, bigint) from public;
grant execute on function members.rate(bigint, bigint) to authenticated;
