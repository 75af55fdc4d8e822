-- Rights on ingest.import_undos: read; written by api functions.

revoke all on ingest.import_undos from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.import_undos to authenticated, analyst;
