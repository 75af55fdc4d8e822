-- Rights on ingest.imports: read; written by api functions.

revoke all on ingest.imports from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.imports to authenticated, analyst;
