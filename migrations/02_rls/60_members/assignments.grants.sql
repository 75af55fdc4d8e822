-- Rights on members.assignments: read; written by api functions.

revoke all on members.assignments from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.assignments to authenticated, analyst;
