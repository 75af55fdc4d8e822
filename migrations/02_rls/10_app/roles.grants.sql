-- Rights on app.roles: read by all, changed by migrations alone.

revoke all on app.roles from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.roles to authenticated, analyst;
