-- All metrics, in their order.

create or replace function api.kpi_list_metrics() returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    perform app.require('kpi_metric_definitions', 'select');
    return jsonb_build_object(
        'items', (
            select coalesce(jsonb_agg(to_jsonb(d) - 'org_id' - 'position' order by d.position), '[]')
            from api.kpi_metric_definitions d
        )
    );
end
$$;

comment on function api.kpi_list_metrics() is
    'Returns {items: rows of api.kpi_metric_definitions}. Raises PT401, PT403 (spec: command_center §5, §7).';
revoke all on function api.kpi_list_metrics() from public;
grant execute on function api.kpi_list_metrics() to authenticated;
