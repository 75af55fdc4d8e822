-- Rights on crm.services: read by all of the organisation; its code is never changed.

revoke all on crm.services from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.services to authenticated, analyst;
grant update (service_name, owner_dept, scope_group) on crm.services to authenticated;
