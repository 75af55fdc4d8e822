-- Rights on members.record_counts: nobody's.

revoke all on members.record_counts from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
