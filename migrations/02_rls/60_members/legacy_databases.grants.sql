-- Rights on members.legacy_databases: nobody's.

revoke all on members.legacy_databases from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
