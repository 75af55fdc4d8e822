-- Rights on ingest.import_columns: read by all, changed by migrations alone.

revoke all on ingest.import_columns from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.import_columns to authenticated, analyst;
