-- Rights on crm.lead_counts: nobody's.

revoke all on crm.lead_counts from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
