-- Rights on app.webhooks: read; written by functions.

revoke all on app.webhooks from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on app.webhooks to authenticated, analyst;
