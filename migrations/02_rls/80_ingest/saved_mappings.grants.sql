-- Rights on ingest.saved_mappings: one's own are read; written by api functions.

revoke all on ingest.saved_mappings from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.saved_mappings to authenticated, analyst;
