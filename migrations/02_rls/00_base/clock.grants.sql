-- Rights on app.clock: nobody's. The clock is moved by the owner alone.

revoke all on app.clock from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
