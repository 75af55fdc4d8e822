-- Rights on kpi.kpi_evidence: added and taken away through api functions, never changed.

revoke all on kpi.kpi_evidence from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on kpi.kpi_evidence to authenticated, analyst;
