-- Rights on kpi.kpi_metric_definitions: read by all, changed by migrations alone.

revoke all on kpi.kpi_metric_definitions from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.kpi_metric_definitions to authenticated, analyst;
