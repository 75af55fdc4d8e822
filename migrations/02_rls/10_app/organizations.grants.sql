-- Rights on app.organizations: read by its people; changed through api functions.

revoke all on app.organizations from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.organizations to authenticated, analyst;
