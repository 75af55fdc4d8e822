-- Rights on members.reservation_versions: nobody's.

revoke all on members.reservation_versions from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
