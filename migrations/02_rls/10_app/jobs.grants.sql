-- Rights on app.jobs: nobody's; changed by migrations alone, read by functions of the worker.

revoke all on app.jobs from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
