-- Rights on desk.ticket_types: read by all, changed by migrations alone.

revoke all on desk.ticket_types from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.ticket_types to authenticated, analyst;
