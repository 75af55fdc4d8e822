-- Rights on members.records: read; written by api functions.

revoke all on members.records from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.records to authenticated, analyst;
