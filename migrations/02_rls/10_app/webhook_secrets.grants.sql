-- Rights on app.webhook_secrets: nobody's. The worker gets a secret with what it is to send.

revoke all on app.webhook_secrets from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
