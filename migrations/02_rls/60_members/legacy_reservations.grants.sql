-- Rights on members.legacy_reservations: nobody's.

revoke all on members.legacy_reservations from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;
