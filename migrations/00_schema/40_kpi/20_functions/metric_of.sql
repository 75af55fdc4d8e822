-- The definition of a metric that a request names.

create or replace function kpi.metric_of(p_metric_key text) returns kpi.kpi_metric_definitions
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_metric kpi.kpi_metric_definitions;
begin
    select d.* into v_metric from kpi.kpi_metric_definitions d where d.metric_key = p_metric_key;
    if not found then
        perform kpi.refuse('metric_key', 'kpi.metric_key.unknown', 'is no metric');
    end if;
    return v_metric;
end
$$;

comment on function kpi.metric_of(text) is 'Raises PT422 kpi.metric_key.unknown (spec: command_center §5).';
revoke all on function kpi.metric_of(text) from public;
grant execute on function kpi.metric_of(text) to authenticated;
