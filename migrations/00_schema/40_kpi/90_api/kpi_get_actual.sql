-- What a metric came to, asked for by filters as routes have them.

create or replace function api.kpi_get_actual(p_filters jsonb) returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
    select api.kpi_actual(
        p_filters ->> 'metric_key', (p_filters ->> 'date_from')::date, (p_filters ->> 'date_to')::date, (p_filters ->> 'user_id')::uuid
    )
$$;

comment on function api.kpi_get_actual(jsonb) is
    'p_filters: {metric_key, date_from, date_to, user_id}. Returns and raises what api.kpi_actual does (spec: command_center §7).';
revoke all on function api.kpi_get_actual(jsonb) from public;
grant execute on function api.kpi_get_actual(jsonb) to authenticated;
