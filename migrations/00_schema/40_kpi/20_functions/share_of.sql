-- A part of a whole as a number of a metric: nothing of nothing is not known.

create or replace function kpi.share_of(p_part numeric, p_whole numeric, p_factor numeric, p_reason text) returns kpi.actual
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select case
        when coalesce(p_whole, 0) = 0 then row(null, 'NA', p_reason, null, null)::kpi.actual
        else row(
            coalesce(p_part, 0) * p_factor / p_whole, 'OK', null, 'computed', jsonb_build_object('part', coalesce(p_part, 0), 'whole', p_whole)
        )::kpi.actual
    end
$$;

comment on function kpi.share_of(numeric, numeric, numeric, text) is
    'p_part * p_factor / p_whole; NA with p_reason where the whole is 0 or null (pitfall P29).';
revoke all on function kpi.share_of(numeric, numeric, numeric, text) from public;
