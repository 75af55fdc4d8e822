-- Rights on crm.prospect_events: read; append-only, by api functions (case 52).

revoke all on crm.prospect_events from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.prospect_events to authenticated, analyst;
