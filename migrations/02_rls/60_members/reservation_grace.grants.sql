-- Rights on members.reservation_grace: read; written by api functions.

revoke all on members.reservation_grace from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.reservation_grace to authenticated, analyst;
