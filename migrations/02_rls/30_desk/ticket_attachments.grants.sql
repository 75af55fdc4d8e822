-- Rights on desk.ticket_attachments: read; everything else through api functions.

revoke all on desk.ticket_attachments from public, anon, authenticated, service_role, analyst, pgcrm_gateway, pgcrm_bff, pgcrm_worker;

grant select on desk.ticket_attachments to authenticated, analyst;
