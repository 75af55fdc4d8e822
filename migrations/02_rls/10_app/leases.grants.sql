-- Rights on app.leases: nobody's; functions of the worker write it.

revoke all on app.leases from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
