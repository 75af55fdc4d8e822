-- Rights on members.databases: read; written by api functions.

revoke all on members.databases from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.databases to authenticated, analyst;
