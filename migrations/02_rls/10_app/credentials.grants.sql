-- Password hashes and second factors: reached through app.auth_… functions only. Nobody has any privilege here.

revoke all on app.credentials from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
