-- Rights on crm.activities: read; written and completed through api functions (decisions §1.4).

revoke all on crm.activities from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.activities to authenticated, analyst;
