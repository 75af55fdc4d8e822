-- Rights on crm.services: read by all of the organisation.

revoke all on crm.services from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.services to authenticated, analyst;
