-- A number of the dashboard that may not be known: with its status, as metrics have it.

create or replace function app.dashboard_known(p_value numeric, p_reason text) returns jsonb
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'value', p_value,
        'status', case when p_value is null then 'NA' else 'OK' end,
        'reason', case when p_value is null then p_reason end
    )
$$;

comment on function app.dashboard_known(numeric, text) is
    '{value, status, reason}: OK, or NA with p_reason where p_value is null, never 0 (pitfall P29).';
revoke all on function app.dashboard_known(numeric, text) from public;
grant execute on function app.dashboard_known(numeric, text) to authenticated;
