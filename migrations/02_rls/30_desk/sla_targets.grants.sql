-- Rights on desk.sla_targets: read; changed through api functions.

revoke all on desk.sla_targets from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.sla_targets to authenticated, analyst;
