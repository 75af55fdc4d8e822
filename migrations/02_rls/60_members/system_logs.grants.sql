-- Rights on members.system_logs: read; written by api functions and jobs.

revoke all on members.system_logs from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.system_logs to authenticated, analyst;
