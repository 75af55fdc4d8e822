-- Rights on members.record_keys: nobody's.

revoke all on members.record_keys from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
