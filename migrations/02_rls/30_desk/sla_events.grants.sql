-- Rights on desk.sla_events: read; append-only, by triggers (spec: command_center §3.6).

revoke all on desk.sla_events from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.sla_events to authenticated, analyst;
