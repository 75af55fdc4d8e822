-- Rights on app.applied_files: nobody's. The migration runner keeps it.

revoke all on app.applied_files from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
