-- Rights on members.reservations: read; written by api functions.

revoke all on members.reservations from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.reservations to authenticated, analyst;
