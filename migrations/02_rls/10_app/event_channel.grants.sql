-- Rights on app.event_channel: nobody's; app.event_channel() tells the worker.

revoke all on app.event_channel from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
