-- Rights on app.job_runs: nobody's; functions of the worker write it.

revoke all on app.job_runs from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
