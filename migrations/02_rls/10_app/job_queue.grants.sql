-- Rights on app.job_queue: nobody's; app.enqueue_job appends, functions of the worker work.

revoke all on app.job_queue from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
