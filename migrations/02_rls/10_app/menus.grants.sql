-- Rights on app.menus: read by all, changed by migrations alone.

revoke all on app.menus from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.menus to authenticated, analyst;
