-- Rights on crm.prospects: read; stages and owners change through api functions.

revoke all on crm.prospects from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.prospects to authenticated, analyst;
