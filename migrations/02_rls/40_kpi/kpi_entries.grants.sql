-- Rights on kpi.kpi_entries: a value can be corrected; made and removed through api functions.

revoke all on kpi.kpi_entries from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.kpi_entries to authenticated, analyst;
grant update (value, notes) on kpi.kpi_entries to authenticated;
