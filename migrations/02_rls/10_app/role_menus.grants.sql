-- Rights on app.role_menus: read by all, changed by migrations alone.

revoke all on app.role_menus from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.role_menus to authenticated, analyst;
