-- Rights on app.setting_definitions: read by all, changed by migrations alone.

revoke all on app.setting_definitions from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.setting_definitions to authenticated, analyst;
