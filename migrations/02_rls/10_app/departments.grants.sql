-- Rights on app.departments: read by all of the organisation.

revoke all on app.departments from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.departments to authenticated, analyst;
