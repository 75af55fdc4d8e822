-- Rights on members.legacy_batches: nobody's.

revoke all on members.legacy_batches from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
