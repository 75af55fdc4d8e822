-- Rights on members.deleted_reservations: read; written by api functions.

revoke all on members.deleted_reservations from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.deleted_reservations to authenticated, analyst;
