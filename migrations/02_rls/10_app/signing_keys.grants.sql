-- The keys of our tokens: reached through app.auth_signing_keys only. Nobody has any privilege here.

revoke all on app.signing_keys from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
