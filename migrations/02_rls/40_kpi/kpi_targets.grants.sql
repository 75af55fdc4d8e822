-- Rights on kpi.kpi_targets: value and period can be changed; made and removed through api functions.

revoke all on kpi.kpi_targets from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.kpi_targets to authenticated, analyst;
grant update (target_value, period_start, period_end) on kpi.kpi_targets to authenticated;
