-- Rights on crm.lead_assignments: read; append-only, by triggers of crm.leads.

revoke all on crm.lead_assignments from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.lead_assignments to authenticated, analyst;
