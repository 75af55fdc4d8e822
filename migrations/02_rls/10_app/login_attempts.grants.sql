-- Failed log-ins: counted by app.auth_begin only. Nobody has any privilege here.

revoke all on app.login_attempts from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
