-- Rights on app.audit_logs: nobody's; api.audit_logs shows it to those who may read it (decisions §5.2).

revoke all on app.audit_logs from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
