-- Rights on desk.close_reasons: read by all, changed by migrations alone.

revoke all on desk.close_reasons from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.close_reasons to authenticated, analyst;
