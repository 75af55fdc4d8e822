-- Rights on app.webhook_deliveries: read; written by functions.

revoke all on app.webhook_deliveries from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.webhook_deliveries to authenticated, analyst;
