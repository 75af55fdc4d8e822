-- Rights on crm.prospect_transitions: read by all, changed by migrations alone.

revoke all on crm.prospect_transitions from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on crm.prospect_transitions to authenticated, analyst;
