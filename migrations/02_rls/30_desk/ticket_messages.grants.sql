-- Rights on desk.ticket_messages: read; everything else through api functions.

revoke all on desk.ticket_messages from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.ticket_messages to authenticated, analyst;
