-- Rights on app.db_logins: nobody's. Commands of the administrator write it, app.identity_value reads it.

revoke all on app.db_logins from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
