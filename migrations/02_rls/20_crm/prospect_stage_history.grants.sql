-- Rights on crm.prospect_stage_history: read; append-only, by triggers (case 52).

revoke all on crm.prospect_stage_history from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.prospect_stage_history to authenticated, analyst;
