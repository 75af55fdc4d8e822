-- Rights on app.outbox: nobody's. app.emit appends.

revoke all on app.outbox from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
