-- Rights on app.idempotency_keys: nobody's. app.replay and app.remember keep it.

revoke all on app.idempotency_keys from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
