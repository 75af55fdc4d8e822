-- Rights on ingest.column_synonyms: read by all, changed by migrations alone.

revoke all on ingest.column_synonyms from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.column_synonyms to authenticated, analyst;
