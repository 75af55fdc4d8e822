-- How much of a target is reached.

create or replace function kpi.progress_pct(p_direction text, p_target numeric, p_actual numeric) returns numeric
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select round(
        case
            when p_actual is null then null
            when p_direction = 'HIGHER_BETTER' then p_actual / nullif(p_target, 0) * 100
            when p_actual = 0 then 100
            else p_target / p_actual * 100
        end,
        2
    )
$$;

comment on function kpi.progress_pct(text, numeric, numeric) is
    'Per cent: actual of target, or target of actual where less is better (100 when nothing is used). Null stays null: what is not known is not 0 % (spec: command_center §5.3, case 102).';
revoke all on function kpi.progress_pct(text, numeric, numeric) from public;
grant execute on function kpi.progress_pct(text, numeric, numeric) to authenticated, analyst;
