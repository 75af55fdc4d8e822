-- Rights on members.legacy_records: nobody's.

revoke all on members.legacy_records from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
