-- Rights on members.batches: read; written by api functions.

revoke all on members.batches from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on members.batches to authenticated, analyst;
