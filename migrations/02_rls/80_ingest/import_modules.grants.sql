-- Rights on ingest.import_modules: read by all, changed by migrations alone.

revoke all on ingest.import_modules from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.import_modules to authenticated, analyst;
