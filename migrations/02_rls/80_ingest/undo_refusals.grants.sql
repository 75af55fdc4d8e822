-- Rights on ingest.undo_refusals: read; written by api functions.

revoke all on ingest.undo_refusals from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on ingest.undo_refusals to authenticated, analyst;
