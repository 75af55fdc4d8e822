-- Rights on app.settings: read by all of the organisation; written by api.app_set_setting.

revoke all on app.settings from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.settings to authenticated, analyst;
